"""A webinar with 5,000 people comes in as one batch: order is kept, nothing is lost, everybody jumps exactly once."""

import resource
from datetime import timedelta
from random import Random

from sqlalchemy import func, select

from hagukumi.journeys.shell.gather import facts_of
from hagukumi.mornings import rescore
from models.scoring.views import grade_of, themes_of
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import chunks, insert_many
from models.tables.engine import begin_write
from models.tables.schema import activity, pending, person, score, score_jump, score_theme, task
from models.tables.types import to_micros
from tests.shell.conftest import Workshop

GUESTS = 5_000
HUNDRED_MB = 100 * 1024


def guests(workshop: Workshop, number: int) -> None:
    """People who have done nothing yet and wait for nothing."""
    names = ("id", "key", "family_name", "language", "stage", "role", "created_at", "changed_at")
    at, roles = to_micros(workshop.wired.now), ("decision_maker", "user", None)
    rows = [(n, f"k{n}", "来場", "ja", "lead", roles[n % 3], at, at) for n in range(1, number + 1)]
    with begin_write(workshop.engine) as conn:
        insert_many(conn, person, names, rows, raw=True)


def test_a_flood_of_5000_guests_keeps_order_loses_nothing_and_jumps_once_each(workshop: Workshop) -> None:
    guests(workshop, GUESTS)
    dice, now = Random(5), workshop.wired.now
    order = list(range(1, GUESTS + 1))
    dice.shuffle(order)
    came = [Arrival(who, None, "attended", now, now, content="webinar", source_id=f"a{who}") for who in order]
    asked = [Arrival(who, None, "submitted", now, now, content="contact", source_id=f"s{who}") for who in order]
    again = [Arrival(who, None, "attended", now, now, content="webinar", source_id=f"a{who}") for who in order[:500]]
    with begin_write(workshop.engine) as conn:
        received = receive(conn, [*came, *asked, *again])
    assert (len(received.ids), received.duplicates) == (2 * GUESTS, 500)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workshop.live(hours=1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < HUNDRED_MB
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(pending)) == 0
        jumps = conn.execute(select(score_jump.c.person_id, score_jump.c.activity_id, score_jump.c.task_id)).all()
        kinds = dict(conn.execute(select(activity.c.id, activity.c.kind)).tuples().all())
        tasks = conn.execute(select(task.c.person_id, task.c.id)).all()
    assert sorted(row.person_id for row in jumps) == sorted(row.person_id for row in tasks) == sorted(order)
    # What came first counted first: the question after the webinar is what carried each over.
    assert {kinds[row.activity_id] for row in jumps} == {"submitted"}
    assert {row.task_id for row in jumps} == {row.id for row in tasks}
    as_the_receipts(workshop)
    # Within the cool-down nobody is called twice.
    for who in order[:40]:
        workshop.act(who, "submitted", content="contact", source_id=f"t{who}")
    workshop.live(days=1)
    with workshop.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(score_jump)) == GUESTS
        assert conn.scalar(select(func.count()).select_from(task)) == GUESTS


def test_a_rescored_house_has_the_scores_of_the_receipts(workshop: Workshop) -> None:
    guests(workshop, 300)
    dice, now = Random(9), workshop.wired.now
    kinds = ("visited", "downloaded", "clicked", "attended", "refused", "called")
    did = []
    for number in range(4_000):
        at = now - timedelta(seconds=dice.randrange(9_000_000))
        content = dice.choice(("overtime-case", "claims-roi", "pricing", None))
        did.append(
            Arrival(
                dice.randrange(1, 300), None, dice.choice(kinds), at, at, content=content, outcome="会話",
                source_id=f"x{number}",
            )
        )  # fmt: skip
    with begin_write(workshop.engine) as conn:
        for some in chunks(did, 1_000):
            receive(conn, some)
    assert rescore(workshop.wired, list(range(1, 301))) == 300
    as_the_receipts(workshop)


def as_the_receipts(workshop: Workshop) -> None:
    """Every stored score is that of the receipt: points, next crossing, grade, themes."""
    scorer = workshop.wired.files.scorer
    assert scorer is not None
    with workshop.engine.connect() as conn:
        rows = conn.execute(select(score)).all()
        assert len(rows) == conn.scalar(select(func.count()).select_from(person))
        known = facts_of(conn, [row.person_id for row in rows], workshop.wired.now, scorer.needs)
        themes: dict[int, dict[str, int]] = {}
        for who, theme, points in conn.execute(select(score_theme)).tuples():
            themes.setdefault(who, {})[theme] = points
    for row in rows:
        facts = known[row.person_id]
        standing = scorer.of(facts.attributes, facts.activities)
        assert row.points == standing.receipt(row.at).tenths
        assert row.next_line_at == standing.next_crossing(row.at)
        grade = grade_of(standing, row.at)
        assert grade is not None and (row.fit, row.behaviour) == (grade.fit, grade.behaviour)
        told = {each.theme: each.tenths for each in themes_of(standing, row.at, row.at) if each.tenths}
        assert themes.get(row.person_id, {}) == told
