"""By which channels we came to an account since the last review."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert

from hagukumi.journeys.steps.outcomes import VISIT_ABSENT
from hagukumi.journeys.steps.visit import VISITED
from hagukumi.reading.reach import contacts_of
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, activity, person, posting

NOW = datetime(2026, 4, 20, 3, tzinfo=UTC)


def test_visits_and_what_was_posted_count_and_what_came_back_does_not(engine: Engine) -> None:
    when = {"created_at": NOW, "changed_at": NOW}
    mail = {"journey_id": 1, "scenario": "s", "version_id": 1, "step": "p", "visit": 1, "content": "c"}
    with begin_write(engine) as conn:
        conn.execute(insert(account).values(id=1, key="F1", name="青葉病院", name_norm="青葉病院", **when))
        conn.execute(insert(person).values(id=1, key="p1", account_id=1, stage="lead", **when))
        for number, (state, ago) in enumerate((("posted", 3), ("returned", 2), ("posted", 40), ("waiting", None))):
            at = None if ago is None else NOW - timedelta(days=ago)
            row = mail | {"key": f"s/p/{number}", "person_id": 1, "account_id": 1, "state": state, "posted_at": at}
            conn.execute(insert(posting).values(written_at=NOW - timedelta(days=50), **row))
        for kind, outcome, ago in ((VISITED, VISIT_ABSENT, 1), ("called", "不在", 5), ("clicked", None, 1)):
            at = NOW - timedelta(days=ago)
            row = {"person_id": 1, "account_id": 1, "kind": kind, "outcome": outcome}
            conn.execute(insert(activity).values(occurred_at=at, known_at=at, **row))
    with begin_read(engine) as conn:
        came = contacts_of(conn, [1], NOW - timedelta(days=14), NOW)
        nobody = contacts_of(conn, [2], NOW - timedelta(days=14), NOW)
    assert [(one.channel, (NOW - one.at).days) for one in came] == [("phone", 5), ("post", 3), ("visit", 1)]
    assert nobody == []
