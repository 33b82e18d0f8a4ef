"""Whole lists: the project's small one, the real ones beside the checkout, and a crash in the middle."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from hagukumi.channels.imports import run as running
from models.tables.schema.activities import activity, pending
from models.tables.schema.companies import account, opportunity
from models.tables.schema.people import consent, person
from models.tables.schema.workspace import import_run
from tests.imports.desk import ROOT, SHARED, Desk, counts, project_rules

OLIST, XEDUCATION = SHARED / "olist_funnel", SHARED / "xeducation_leads"


def needs(folder: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not folder.exists(), reason=f"the real lists are not beside the checkout ({folder.name})")


class Crash(BaseException):
    """The machine goes down."""


def test_the_demo_list_tells_its_stories(each_desk: Desk) -> None:
    desk = each_desk
    desk.rules = project_rules()
    report = desk.take("people", ROOT / "demo/people-ja.csv", "people-ja")
    assert counts(report) == (122, 0, 0, 5)
    assert report.ng == {"carrier_mail": 1, "free_mail": 1, "student": 1, "competitor": 1}
    assert {doubt.code for doubt in report.doubtful} == {"import.two_values", "import.twin", "import.confirm_address"}
    assert counts(desk.take("activities", ROOT / "demo/activities.csv", "activities")) == (61, 0, 0, 2)
    assert counts(desk.take("optouts", ROOT / "demo/optouts.csv", "optouts")) == (3, 0, 0, 0)
    assert counts(desk.take("people", ROOT / "demo/people-ja.csv", "people-ja")) == (0, 0, 122, 5)
    names = desk.rows(person, "family_name")
    assert "髙橋" in names and "山﨑" in names and None in names


@pytest.mark.parametrize("rows", [1, 500, 777])
def test_after_a_crash_half_way_the_same_import_finishes_the_rest(
    desk: Desk, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = "kind: people\ncolumns: {m: email, c: account.name}\nconstants: {consent.ground: consent}\n"
    path = desk.file("m,c\n" + "".join(f"p{n}@f{n // 9}.example,青葉{n // 9}病院\n" for n in range(1_000)))

    def down(done: int, total: int) -> None:
        if done >= rows:
            raise Crash

    with pytest.raises(Crash):
        running.run_import(
            desk.engine, "people", path, desk.mapping(own), now=desk.now, workspace_secret="s", rules=desk.rules,
            rejects_dir=desk.folder, progress=down,
        )  # fmt: skip
    half = len(desk.rows(person, "id"))
    assert 0 < half < 1_000
    assert len(desk.rows(consent, "id")) == len(desk.rows(activity, "id")) == len(desk.rows(pending, "id")) == half
    assert desk.rows(import_run, "finished_at") == [None]
    assert counts(desk.take("people", path, own)) == (1_000 - half, 0, half, 0)
    assert len(desk.rows(person, "id")) == len(desk.rows(activity, "id")) == len(desk.rows(consent, "id")) == 1_000
    assert len(desk.rows(account, "id")) == 112


def test_chunks_of_any_size_give_the_same_tables(tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.tables.engine import open_engine
    from models.tables.migrations import upgrade

    text = (ROOT / "demo/people-ja.csv").read_bytes()
    tables = []
    for size in (1, 13, 2_000):
        monkeypatch.setattr(running, "_FIRST", size)
        monkeypatch.setattr(running, "_SMALLEST", size)
        monkeypatch.setattr(running, "_LARGEST", size)
        engine = open_engine(f"sqlite:///{tmp_path}/{size}.db")
        upgrade(engine)
        other = Desk(engine, tmp_path, project_rules())
        other.take("people", text, "people-ja")
        tables.append(
            [
                other.rows(person, "id", "key", "stage", "ng_reason", "role", "account_id"),
                other.rows(account, "id", "key", "beds", "domain"),
                other.rows(activity, "person_id", "kind"),
            ]
        )
        engine.dispose()
    assert tables[0] == tables[1] == tables[2]


@needs(OLIST)
def test_olist_everybody_is_accounted_for_and_conversion_by_origin_is_what_is_known(desk: Desk) -> None:
    leads, deals = OLIST / "olist_marketing_qualified_leads_dataset.csv", OLIST / "olist_closed_deals_dataset.csv"
    assert counts(desk.take("people", leads, "olist-leads")) == (8_000, 0, 0, 0)
    assert counts(desk.take("deals", deals, "olist-deals")) == (842, 0, 0, 0)
    assert counts(desk.take("deals", deals, "olist-deals")) == (0, 0, 842, 0)
    won = opportunity.c.person_id == person.c.id
    rate = func.round(100.0 * func.count(opportunity.c.id) / func.count(person.c.id), 2)
    query = select(person.c.primary_campaign, rate).select_from(person.outerjoin(opportunity, won))
    with desk.engine.connect() as conn:
        by_origin = dict(conn.execute(query.group_by(person.c.primary_campaign)).tuples().all())
        total = conn.scalar(select(func.count()).select_from(person).where(person.c.stage == "won"))
        blank = conn.scalar(select(func.count()).select_from(person).where(person.c.primary_campaign.is_(None)))
    expected = {
        "unknown": 16.29, "paid_search": 12.30, "organic_search": 11.80, "direct_traffic": 11.22, "referral": 8.45,
        "social": 5.56, "display": 5.08, "email": 3.04,
    }  # fmt: skip
    assert {origin: by_origin[origin] for origin in expected} == expected
    assert (total, blank) == (842, 60)
    assert round(100 * 842 / 8_000, 3) == 10.525


@needs(XEDUCATION)
def test_xeducation_everybody_is_accounted_for(desk: Desk) -> None:
    desk.rules = project_rules()
    report = desk.take("people", XEDUCATION / "leads.csv", "xeducation")
    assert counts(report) == (9_240, 0, 0, 0)
    with desk.engine.connect() as conn:
        stages = dict(conn.execute(select(person.c.stage, func.count()).group_by(person.c.stage)).tuples().all())
    assert sum(stages.values()) == 9_240
    assert round(100 * stages["won"] / 9_240, 2) == 38.54
    assert stages["ng"] == report.ng["student"]
