"""Nobody outside sees a paper that was not looked at; what was looked at stays in sight until a change is approved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hagukumi import approving
from hagukumi.letters.approvals import Approvals
from hagukumi.papers.editions import missing
from hagukumi.starter import make_workspace
from hagukumi.steering import publish_scenario
from hagukumi.wiring import Wired, wire
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, content_approval, paper_edition
from tests.papers.places import hospital, made, path_to

LETTER = "interest/first-checklist"


@pytest.fixture
def wired(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    """A workspace whose letters and papers need approval, with one hospital; once on each database."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    found = wire(make_workspace(tmp_path / "w", "virtual"))
    hospital(found)
    yield found
    found.engine.dispose()


def approve(wired: Wired, name: str) -> None:
    points = [point.id for point in wired.files.approval.points]
    letter = approving.one(wired, name)
    if "copy" in letter.needed:
        letter = approving.copied(wired, letter, approving.colleague(wired, "tanaka"))
    letter = approving.approve(wired, letter, ("legal", "brand"), "tanaka", points)
    approving.approve(wired, letter, ("eyes",), "sato", points)


def afresh(wired: Wired) -> Wired:
    """The workspace as its files stand now."""
    return wire(wired.workspace)


def test_it_is_refused_until_all_checks_are_given_and_a_draft_says_that_it_is_one(wired: Wired) -> None:
    for ask in (lambda: made(wired, 1), lambda: path_to(wired, 1)):
        with pytest.raises(NotDone) as refusal:
            ask()
        assert refusal.value.code == "paper-unapproved" and "法務・ブランド・別の人の目" in refusal.value.words.ja
    draft = made(wired, 1, draft=True)
    assert "下書き（承認前）" in draft.html and "21か月" in draft.html
    approve(wired, "papers/one-page")
    shown = made(wired, 1)
    assert "下書き" not in shown.html and shown.fingerprint == draft.fingerprint
    assert path_to(wired, 1).startswith("/p/")
    with pytest.raises(NotDone):
        made(wired, 1, "qa")


def test_one_person_alone_cannot_approve_it(wired: Wired) -> None:
    points = [point.id for point in wired.files.approval.points]
    paper = approving.approve(wired, approving.one(wired, "papers/qa"), ("legal", "brand"), "tanaka", points)
    with pytest.raises(NotDone) as refusal:
        approving.approve(wired, paper, ("eyes",), "tanaka", points)
    assert refusal.value.code == "same-person"
    with pytest.raises(NotDone):
        made(wired, 1, "qa")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("scenarios/rules/roi.yaml", "value: 2500", "value: 3000"),
     ("templates/papers/one-page.ja.html", "お願いは一つです", "お願いがあります"),
     ("templates/papers/one-page.en.html", "One request", "A request"),
     ("templates/_layout/paper.html", "noarchive", "noarchive, nosnippet")],
)  # fmt: skip
def test_a_change_needs_approval_and_until_then_accounts_see_what_was_approved(
    wired: Wired, file: str, old: str, new: str
) -> None:
    approve(wired, "papers/one-page")
    before = made(wired, 1).html
    path = wired.workspace.folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    later = afresh(wired)
    with begin_read(later.engine) as conn:
        assert missing(conn, later, "one-page") == ("legal", "brand", "eyes")
    assert made(later, 1).html == before
    approve(later, "papers/one-page")
    if file.endswith("roi.yaml"):
        assert "3,000円" in made(later, 1).html
    assert made(later, 1).html != before or file.endswith(".en.html")
    # A server that was there before the change shows the same.
    assert made(wired, 1).html == made(later, 1).html
    # Back to the texts of before: they were approved once, and need no more than to be those of now.
    path.write_text(text, "utf-8")
    again = afresh(wired)
    with begin_read(again.engine) as conn:
        assert missing(conn, again, "one-page") == ()
        assert len(conn.execute(select(paper_edition.c.fingerprint)).all()) == 2
    assert made(again, 1).html == before
    later.engine.dispose()
    again.engine.dispose()


def test_an_accounts_own_figures_need_no_approval(wired: Wired) -> None:
    approve(wired, "papers/one-page")
    with begin_write(wired.engine) as conn:
        conn.execute(update(account).where(account.c.id == 1).values(beds=300, name="青葉台記念病院 本院"))
    page = made(wired, 1).html
    assert "300床 × 0.6名" in page and "本院 御中" in page


def test_a_letter_that_links_to_an_unapproved_paper_waits_for_it(wired: Wired) -> None:
    for body in wired.workspace.templates.glob(f"{LETTER}.*.txt"):
        body.write_text("{{ paper('one-page') }}\n\n" + body.read_text("utf-8"), "utf-8")
    here = afresh(wired)
    path = here.workspace.scenarios / "interest.yaml"
    program = here.files.compile_file(path).program
    assert program is not None
    assert "papers/one-page" in {each.name for each in approving.unapproved(here, program.contents)}
    publish_scenario(here, program, path.read_text("utf-8"))
    approve(here, LETTER)
    checks = here.terms.checks

    def lacking() -> tuple[str, ...]:
        with begin_read(here.engine) as conn:
            return Approvals(conn, checks, {(1, LETTER)}).missing(1, LETTER)

    assert lacking() == ("legal", "brand", "eyes")
    approve(here, "papers/one-page")
    assert lacking() == ()
    with begin_write(here.engine) as conn:
        conn.execute(content_approval.delete().where(content_approval.c.content == "papers/one-page"))
    assert lacking() == ("legal", "brand", "eyes")
    here.engine.dispose()


def test_there_is_no_test_copy_of_a_paper(wired: Wired, capsys: pytest.CaptureFixture[str]) -> None:
    from hagukumi.cli import app
    from hagukumi.cli.frame import run

    assert run(app, ["-w", str(wired.workspace.folder), "content", "copy", "papers/qa", "--to", "sato"]) == 1
    assert "papers render" in capsys.readouterr().err
