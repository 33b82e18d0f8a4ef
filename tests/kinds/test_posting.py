"""Letters by post from the step to the letter box: printed for a window, posted, returned, refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, select

from hagukumi import approving
from hagukumi.channels.refusing import Asked, Whom, refuse
from hagukumi.letters.frozen import freeze_account, thaw_account
from hagukumi.wiring import wire
from hagukumi.workspace import CHECKOUT
from models.tables.engine import begin_write
from models.tables.schema import activity, journey, person, posting, posting_body, staff, task
from tests.cli.lines import Line
from tests.kinds.letters import address_of, begin, chair, live
from tests.web.site import Site


def text_of(file: Path) -> str:
    """The text of a PDF, in the order of its places."""
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


@pytest.fixture
def line(site: Site, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(capsys, site.workspace.folder)


def stands(site: Site) -> list[tuple[Any, ...]]:
    return site.rows(posting, "id", "state")


def tasks(site: Site, kind: str) -> list[tuple[Any, ...]]:
    return [row[1:] for row in site.rows(task, "kind", "desk", "state", "result") if row[0] == kind]


def test_a_letter_is_asked_for_printed_and_posted_and_the_path_goes_on(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    chair(site)
    live(site, 15)
    assert stands(site) == [(1, "waiting")] and tasks(site, "post") == [("MA", "open", None)]
    printed = line("post", "print", "--out", str(tmp_path), "--json").json
    assert printed == [{"number": 1, "state": "printed", "file": str(tmp_path / "post-0001.pdf"), "enclosed": []}]
    shown = text_of(tmp_path / "post-0001.pdf")
    for words in (
        "〒231-0000", "神奈川県横浜市北区みほん町1-2-3", "青葉台記念病院", "理事長 髙橋 一郎 様", "2026年6月15日",
        "請求漏れの大きさを確かめる1枚資料のお届け", "髙橋様", "拝啓", "貴院での請求漏れ",
        "support@hagukumi.example", "No. 1",
    ):  # fmt: skip
        assert words in shown.replace("\u3000", " "), (words, shown)
    assert stands(site) == [(1, "printed")] and site.rows(posting_body, "subject") == [
        "請求漏れの大きさを確かめる1枚資料のお届け"
    ]
    assert line("post", "posted").out.startswith("1通(1番)")
    assert stands(site) == [(1, "posted")] and tasks(site, "post") == [("MA", "done", "posted")]
    assert (
        "1 番の手紙は「投函済み」のため、できません"
        in line("post", "print", "1", "--out", str(tmp_path), "--lang", "ja").err
    )
    live(site, 15, 4)
    assert site.rows(journey, "step") == ["visit.rest"]
    assert ("posted", "play/claims-letter") in site.rows(activity, "kind", "content")


def test_what_is_not_posted_in_time_is_called_off_and_never_posted(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    chair(site)
    live(site, 15)
    line("post", "print", "--out", str(tmp_path))
    live(site, 23)
    assert stands(site) == [(1, "withdrawn")] and tasks(site, "post") == [("MA", "withdrawn", None)]
    assert tasks(site, "call") == [("IS", "open", None)] and site.rows(journey, "state") == ["ended"]
    refused = line("post", "posted", "1")
    assert refused.code == 1 and ("取り下げ" in refused.err or "withdrawn" in refused.err)


def test_without_an_address_it_waits_and_says_so(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    who = chair(site, address=None)
    live(site, 15)
    (told,) = line("post", "print", "--out", str(tmp_path), "--json").json
    assert told["state"] == "held" and "住所が未登録" in told["why"] and not list(tmp_path.glob("*.pdf"))
    address_of(site, who, address="中区みほん町9")
    assert line("post", "print", "--out", str(tmp_path), "--json").json[0]["state"] == "printed"


def refuse_post(site: Site, whom: Whom) -> None:
    with begin_write(site.wired.engine) as conn:
        refuse(conn, whom, Asked(("post",), cause="refused", source="desk"), site.wired.now)


def test_who_refuses_letters_by_post_gets_none(site: Site, line: Line) -> None:
    begin(site)
    who = chair(site)
    refuse_post(site, Whom(person=who))
    live(site, 15)
    assert stands(site) == [] and tasks(site, "call") == [("IS", "open", None)]


def test_a_refusal_after_printing_keeps_it_out_of_the_letter_box(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    who = chair(site)
    live(site, 15)
    line("post", "print", "--out", str(tmp_path))
    refuse_post(site, Whom(person=who))
    refused = line("post", "posted")
    assert refused.code == 1 and "郵送をお断り" in refused.err and stands(site) == [(1, "printed")]
    live(site, 15, 4)
    assert stands(site) == [(1, "withdrawn")] and tasks(site, "call") == [("IS", "open", None)]


def test_one_that_comes_back_asks_for_the_address(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    chair(site)
    live(site, 15)
    line("post", "print", "--out", str(tmp_path))
    line("post", "posted", "1")
    live(site, 18)
    assert line("post", "returned", "1").code == 0
    assert stands(site) == [(1, "returned")] and ("MA", "open", None) in tasks(site, "task")
    assert line("post", "list", "--json").json == [] and len(line("post", "list", "--all", "--json").json) == 1


def test_what_is_paused_is_not_printed(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    chair(site)
    live(site, 15)
    assert line("pause", "by-post").code == 0
    (told,) = line("post", "print", "--out", str(tmp_path), "--json").json
    assert told["state"] == "held" and told["code"] == "post_paused"


def test_a_frozen_account_gets_no_letter_by_post(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    who = chair(site)
    live(site, 15)
    now = site.wired.now
    with begin_write(site.wired.engine) as conn:
        home = conn.scalars(select(person.c.account_id).where(person.c.id == who)).one()
        values = {"key": "freezer", "name": "佐藤 美咲", "role": "marketer"}
        by = conn.execute(insert(staff).values(values).returning(staff.c.id)).scalar_one()
        freeze_account(conn, home, now, now + timedelta(days=30), by)
    (told,) = line("post", "print", "--out", str(tmp_path), "--json").json
    assert (told["state"], told["code"]) == ("held", "post_account_frozen") and "凍結" in told["why"]
    with begin_write(site.wired.engine) as conn:
        thaw_account(conn, home)
    assert line("post", "print", "--out", str(tmp_path), "--json").json[0]["state"] == "printed"


def test_erasing_somebody_takes_their_letters_back_and_their_words_away(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    who = chair(site, email="takahashi@aobadai.example", email_norm="takahashi@aobadai.example")
    live(site, 15)
    line("post", "print", "--out", str(tmp_path))
    assert line("person", "erase", "takahashi@aobadai.example", "--by", "suzuki", "--yes").code == 0
    assert who and stands(site) == [(1, "withdrawn")] and site.rows(posting_body, "posting_id") == []


def test_the_same_letter_is_the_same_page(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    chair(site)
    live(site, 15)
    line("post", "print", "--out", str(tmp_path / "a"))
    line("post", "print", "--out", str(tmp_path / "b"), "1")
    assert (tmp_path / "a/post-0001.pdf").read_bytes() == (tmp_path / "b/post-0001.pdf").read_bytes()
    line("post", "print", "--out", str(tmp_path / "c"), "1", "--envelope", "dl")
    assert (tmp_path / "c/post-0001.pdf").read_bytes() != (tmp_path / "a/post-0001.pdf").read_bytes()
    assert datetime(2026, 6, 15, tzinfo=UTC) == site.wired.now.replace(hour=0)


def test_a_letter_nobody_approved_waits_and_can_be_approved(site: Site, line: Line, tmp_path: Path) -> None:
    begin(site)
    chair(site)
    live(site, 15)
    rules = "scenarios/rules/defaults.yaml"
    (site.workspace.folder / rules).write_text((CHECKOUT / rules).read_text("utf-8"), "utf-8")
    (told,) = line("post", "print", "--out", str(tmp_path), "--json").json
    assert told["code"] == "post_not_approved"
    wired = wire(site.workspace)
    points = {point.id for point in wired.files.approval.points}
    for found in approving.looked_at(wired, {"play/claims-letter"}):
        seen = approving.approve(wired, found, approving.BY_ONE, "sato", points)
        second = approving.colleague(wired, "kobayashi")
        approving.approve(wired, approving.copied(wired, seen, second), ("eyes",), "kobayashi", points)
    wired.engine.dispose()
    assert line("post", "print", "--out", str(tmp_path), "--json").json[0]["state"] == "printed"
