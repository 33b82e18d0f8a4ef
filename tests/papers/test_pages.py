"""The papers themselves: one sheet of paper, readable on a telephone, and saying what they do not know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.letters.answers import Printed
from hagukumi.letters.claims import addressed
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.links import read_link
from hagukumi.letters.paper_links import link_named, read_paper
from hagukumi.papers.printing import printed
from hagukumi.steering import publish_scenario
from hagukumi.wiring import Wired, wire
from models.tables.bulk import insert_many
from models.tables.engine import begin_read, begin_write
from models.tables.schema import letter, person
from tests.browser import chromium
from tests.papers.places import CAPTIONED, LONG_AGO, hospital, made, place
from tests.papers.reading import pages_of
from tests.web.site import open_workspace

THEMES = ("overtime", "unpaid-claims", "ageing-equipment")
WIDTHS = {"telephone": 360, "desktop": 1280}


@pytest.fixture
def wired(tables_on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_on_sqlite)
    found = wire(open_workspace(tmp_path / "w", base_url=CAPTIONED))
    yield found
    found.engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("how papers look on a telephone") as started:
        yield started


def about(wired: Wired, theme: str) -> Wired:
    """The workspace with this theme for accounts whose own is not known."""
    rules = wired.workspace.scenarios / "rules" / "roi.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("main_theme: overtime", f"main_theme: {theme}"), "utf-8")
    return wire(wired.workspace)


@pytest.mark.parametrize("theme", THEMES)
def test_the_one_page_summary_is_one_page_of_a4_whatever_is_known(wired: Wired, theme: str) -> None:
    here = about(wired, theme)
    places = [
        hospital(here), place(here, "h37", "つばさ中央病院", beds=37), place(here, "h0", "みどり野総合病院"),
        place(here, "h400", "湾岸病院", beds=400), place(here, "h500", "湾岸医療センター", beds=500),
        place(here, "k80", "ひなた", kind="care_home", beds=80),
        place(here, "c9", "いずみ内科クリニック", kind="clinic", headcount=9),
        place(here, "long", "独立行政法人国立病院機構みほん台高度専門急性期総合医療センター附属記念病院", beds=299),
    ]  # fmt: skip
    for one in places:
        for lang in ("ja", "en"):
            paper = made(here, one, lang=lang)
            pages = pages_of(printed(paper.html).pdf)
            assert len(pages) == 1, (theme, one, lang)
            assert (round(pages[0].width_mm), round(pages[0].height_mm)) == (210, 297)
            assert here.files.signatures[lang].company in pages[0].text
    here.engine.dispose()


@pytest.mark.parametrize("name", ["qa", "checklist"])
def test_the_other_papers_print_in_both_languages(wired: Wired, name: str) -> None:
    for theme in THEMES:
        here = about(wired, theme)
        one = place(here, theme, "青葉台記念病院", beds=200)
        for lang in ("ja", "en"):
            (page,) = pages_of(printed(made(here, one, name, lang).html).pdf)
            assert "青葉台記念病院" in page.text
        here.engine.dispose()


@pytest.mark.parametrize(
    ("values", "state", "said", "unsaid"),
    [({}, "unknown", "規模が私どもの記録にない", "対象の看護職員"),
     ({"beds": 500}, "above", "個別のお見積もり", "万円"),
     ({"beds": 5}, "below", "個別のお見積もり", "万円"),
     ({"beds": 37}, "never", "費用は戻りません", "約"),
     ({"kind": "company", "headcount": 40}, "none", "その場で計算します", "万円")],
)  # fmt: skip
def test_what_is_not_known_is_said_and_no_number_is_made_up(
    wired: Wired, values: dict[str, object], state: str, said: str, unsaid: str
) -> None:
    paper = made(wired, place(wired, "x", "みどり野", **values))
    assert paper.facts.state == state
    assert said in paper.html and unsaid not in paper.html.partition("<main")[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_page_without_a_sum_is_of_use_and_fills_its_sheet(wired: Wired, theme: str, lang: str) -> None:
    here = about(wired, theme)
    places = [
        place(here, "h700", "湾岸医療センター", beds=700), place(here, "h5", "つばさ病院", beds=5),
        place(here, "c90", "いずみ内科クリニック", kind="clinic", headcount=90),
        place(here, "k12", "ひなた", kind="care_home", beds=12), place(here, "co", "みどり野商事", kind="company"),
    ]  # fmt: skip
    for one in places:
        paper = made(here, one, lang=lang)
        assert paper.facts.worked is None
        assert paper.html.count('<td class="blank"></td>') == 3
        (page,) = pages_of(printed(paper.html).pdf)
        assert page.lowest > 0.6, (theme, one, page.lowest)
    here.engine.dispose()


def test_claims_are_spoken_of_as_the_facility_has_them(wired: Wired) -> None:
    here = about(wired, "unpaid-claims")
    places = {
        "hospital": place(here, "h", "青葉台記念病院", beds=200),
        "care_home": place(here, "k", "介護老人保健施設ひなた", kind="care_home", beds=87),
        "clinic": place(here, "c", "いずみ内科クリニック", kind="clinic", headcount=9),
    }
    for name in ("one-page", "checklist", "qa"):
        for lang, strange in (
            ("ja", {"hospital": ("介護報酬", "入所", "国保連"), "care_home": ("入院", "医事課", "電子カルテ", "患者"),
                    "clinic": ("入院", "入所", "医事課", "介護報酬")}),
            ("en", {"hospital": ("resident", "care claim"), "care_home": ("inpatient", "patients", "the chart"),
                    "clinic": ("inpatient", "resident", "care claim")}),
        ):  # fmt: skip
            for kind, words in strange.items():
                text = made(here, places[kind], name, lang).html.partition("<main")[2]
                assert not [word for word in words if word in text], (name, lang, kind)
    one = made(here, places["care_home"]).html
    assert "2週間分の入所の記録" in one and "介護報酬の算定漏れ" in one
    here.engine.dispose()


def test_above_the_usual_sizes_it_is_said_why_the_sum_still_holds(wired: Wired) -> None:
    large, usual = (made(wired, place(wired, f"h{beds}", "湾岸病院", beds=beds)).html for beds in (301, 300))
    assert "300床を超えても" in large and "300床を超えても" not in usual


def test_every_assumption_stands_on_the_paper_with_its_source_and_day(wired: Wired) -> None:
    paper = made(wired, hospital(wired))
    assert paper.facts.worked is not None
    for assumed, _ in paper.facts.worked.used:
        assert assumed.label.ja in paper.html and assumed.source.ja in paper.html
    assert paper.html.count('<td class="basis">2026-04</td>') == len(paper.facts.worked.used)


@pytest.mark.parametrize("device", WIDTHS)
@pytest.mark.parametrize("name", ["one-page", "qa", "checklist"])
def test_nothing_is_cut_off_or_too_small_on_any_screen(wired: Wired, browser: Browser, device: str, name: str) -> None:
    one = hospital(wired)
    page = browser.new_page(viewport={"width": WIDTHS[device], "height": 800})
    for lang in ("ja", "en"):
        page.set_content(made(wired, one, name, lang).html)
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[device]
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth)")
        assert _smallest(page) >= 12
        assert page.locator("h1").count() == 1
    page.close()


def _smallest(page: Page) -> float:
    script = """Math.min(...[...document.querySelectorAll('main *')].filter(e => e.innerText && !e.children.length)
        .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
    return float(page.evaluate(script))


def sent_to(wired: Wired, who: dict[str, object]) -> tuple[str, str]:
    """(key, text) of a letter that links to the paper, as the press makes it."""
    at = LONG_AGO
    values = {"key": "hanako", "email": "hanako@aobadai.example", "email_norm": "hanako@aobadai.example"}
    row = {**values, "family_name": "青葉", "created_at": at, "changed_at": at, **who}
    key = "interest/a/1/p1/1"
    with begin_write(wired.engine) as conn:
        insert_many(conn, person, list(row), [list(row.values())])
        given = {"key": key, "person_id": 1, "account_id": who.get("account_id"), "version_id": 1, "due": at}
        given |= {"content": "interest/first-checklist", "state": "sending", "written_at": at, "granted_at": at}
        insert_many(conn, letter, list(given), [list(given.values())])
    with begin_read(wired.engine) as conn:
        (found,) = addressed(conn, [key])
    pressed: Printed = wired.press(found)
    return key, pressed.outgoing.text


def linked(wired: Wired, links: str = "signed") -> Wired:
    """The workspace, published with a letter that links to the one-page summary."""
    for body in wired.workspace.templates.glob("interest/first-checklist.*.txt"):
        body.write_text("{{ paper('one-page') }}\n\n" + body.read_text("utf-8"), "utf-8")
    file = wired.workspace.settings_file
    file.write_text(file.read_text("utf-8").replace("links: signed", f"links: {links}"), "utf-8")
    here = wire(wired.workspace)
    path = here.workspace.scenarios / "interest.yaml"
    program = here.files.compile_file(path).program
    assert program is not None
    publish_scenario(here, program, path.read_text("utf-8"))
    return here


def token_in(text: str) -> str:
    return next(line for line in text.splitlines() if "/p/" in line).rpartition("/p/")[2]


def test_a_letter_with_signed_links_carries_one_of_its_own(wired: Wired) -> None:
    here = linked(wired)
    key, text = sent_to(here, {"account_id": hospital(here)})
    assert read_link(here.identity.secret, token_in(text)) == (key, link_named("one-page"))
    assert read_paper(here.identity.secret, token_in(text)) is None
    here.engine.dispose()


def test_a_letter_with_plain_links_names_the_account_and_nobody(wired: Wired) -> None:
    here = linked(wired, "plain")
    one = hospital(here)
    _, text = sent_to(here, {"account_id": one})
    own = read_paper(here.identity.secret, token_in(text))
    assert own is not None and (own.account, own.paper, own.person) == (one, "one-page", None)
    assert (own.until - LONG_AGO.date()).days == here.files.settings.tracking.paper_days
    here.engine.dispose()


def test_a_letter_by_post_carries_a_link_that_says_for_whom_it_was_made(wired: Wired) -> None:
    here = linked(wired)
    one = hospital(here)
    sent_to(here, {"account_id": one})
    with begin_read(here.engine) as conn:
        (row,) = addressed(conn, ["interest/a/1/p1/1"])
    own = read_paper(here.identity.secret, token_in(here.press.by_post(row).text))
    assert own is not None and (own.account, own.paper, own.person) == (one, "one-page", 1)
    here.engine.dispose()


def test_without_an_account_such_a_letter_is_not_made(wired: Wired) -> None:
    here = linked(wired)
    with pytest.raises(CannotRender) as trouble:
        sent_to(here, {})
    assert trouble.value.reason == "missing_attribute" and trouble.value.details["name"] == "account.name"
    here.engine.dispose()


def test_the_commands_write_list_link_and_count(
    wired: Wired, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hospital(wired)
    folder = str(wired.workspace.folder)
    out = tmp_path / "one.pdf"
    assert run(app, ["-w", folder, "--json", "papers", "render", "h200", "one-page", "--out", str(out)]) == 0
    assert '"pages": 1' in capsys.readouterr().out
    assert "720万円" in pages_of(out.read_bytes())[0].text
    page = tmp_path / "one.html"
    assert run(app, ["-w", folder, "papers", "render", "h200", "one-page", "--in", "en", "--out", str(page)]) == 0
    assert "JPY 7,200,000" in page.read_text("utf-8")
    assert run(app, ["-w", folder, "--lang", "ja", "papers", "list"]) == 0
    assert "one-page　決裁者向け1枚資料" in capsys.readouterr().out
    assert run(app, ["-w", folder, "papers", "link", "h200", "one-page"]) == 0
    assert "https://letters.example/p/" in capsys.readouterr().out
    assert run(app, ["-w", folder, "--json", "papers", "views", "h200"]) == 0
    assert capsys.readouterr().out.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["render", "h200", "one-pge", "--out", "x.pdf"], "one-page"),
     (["render", "h200", "qa", "--out", "x.doc"], ".pdf"),
     (["render", "h200", "qa", "--out", "/nowhere/x.pdf"], "/nowhere"), (["link", "h201", "qa"], "h201"),
     (["render", "h200", "qa", "--in", "fr", "--out", "x.pdf"], "fr")],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    wired: Wired, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    hospital(wired)
    assert run(app, ["-w", str(wired.workspace.folder), "papers", *arguments]) != 0
    told = capsys.readouterr()
    assert said in told.err and "Traceback" not in told.err
    assert not Path("x.pdf").exists()


@pytest.mark.parametrize("theme", THEMES)
def test_a_paper_without_a_calculation_promises_none_and_speaks_of_no_figures_above(wired: Wired, theme: str) -> None:
    here = about(wired, theme)
    without = [
        place(here, "h500", "湾岸医療センター", beds=500),
        place(here, "h5", "小さな病院", beds=5),
        place(here, "other", "ある施設", kind="other"),
    ]
    for one in without:
        ja, en = made(here, one).html, made(here, one, lang="en").html
        assert "を決めるために、先に確かめていただきたいこと" in ja and "What to find out before deciding" in en
        for words in ("上の数字", "費用はいつ戻るのか", "場合の費用を、1枚に"):
            assert words not in ja
        assert "in the place of ours" not in en and "what it costs would come back" not in en
    known = made(here, hospital(here)).html
    assert "上の数字を" in known and "先に確かめていただきたいことを、1枚に" not in known
    here.engine.dispose()
