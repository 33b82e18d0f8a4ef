"""The link that no person sees: in the source of a letter and nowhere else; it leads to our door and counts nothing."""

from datetime import UTC, datetime, timedelta

from hagukumi.letters.html import trap
from hagukumi.letters.links import TRAP, links_of, read_link
from hagukumi.letters.message import Mailbox, compose
from models.tables.schema import activity, visitor
from tests.browser import chromium
from tests.letters.press import FOOTER, letter, press
from tests.web.site import Site, batch, live_until, publish, view

URL = "https://mihon.example/l/trap"
AT = datetime(2026, 1, 20, tzinfo=UTC)
TEXT = "{{ person.name }}様\n\n本文です。\n\n▼ 読む\n{{ link('case') }}\n" + FOOTER


def page(url: str | None = URL, **files: str) -> tuple[str, str]:
    """(text, HTML) of a letter."""
    made = press(TEXT, **files).render("a/x", None, "ja", None, letter(), None, url)
    return made.text, made.html


def test_it_stands_in_the_source_once_and_not_in_the_text() -> None:
    text, html = page()
    assert html.count(trap(URL)) == 1 and html.count(URL) == 1 and URL not in text
    assert page(None)[1] == html.replace(trap(URL), "")


def test_letters_alike_have_each_their_own() -> None:
    both = press(TEXT)
    pages = [both.render("a/x", None, "ja", None, letter(), None, f"{URL}{n}").html for n in range(2)]
    assert pages[0].count(f'{URL}0"') == 1 and f"{URL}0" not in pages[1]


def test_a_page_of_ones_own_has_it_too() -> None:
    made = press("x\n", **{"a__x.ja.html": "<html><body><p>{{ person.name }}</p></body></html>"})
    html = made.render("a/x", None, "ja", None, letter(), None, URL).html
    assert html.endswith(f"{trap(URL)}</body></html>")


def test_no_person_sees_it_or_reaches_it_by_key() -> None:
    with chromium("the letter was not looked at") as browser:
        shown = browser.new_page()
        shown.set_content(page()[1])
        links = shown.locator("a")
        hidden = shown.locator(f'a[href="{URL}"]')
        assert hidden.count() == 1 and hidden.bounding_box() is None and not hidden.is_visible()
        assert URL not in shown.locator("body").aria_snapshot()
        reached = set()
        for _ in range(links.count() + 3):
            shown.keyboard.press("Tab")
            reached.add(shown.evaluate("document.activeElement.href || ''"))
        assert len(reached - {""}) == links.count() - 1 and URL not in reached


def test_whoever_plays_a_reader_is_not_shown_it_and_whoever_plays_a_scanner_is() -> None:
    rendered = press(TEXT).render("a/x", None, "ja", None, letter(), lambda *_: "https://mihon.example/l/seen", URL)
    message = compose(rendered, Mailbox("", "a@mihon.example"), Mailbox("", "b@aoba.example"), "k", AT)
    assert [each.token for each in links_of(message)] == ["seen"]
    assert [each.token for each in links_of(message, hidden=True)] == ["seen", "trap"]


def test_who_follows_it_lands_at_our_door_and_nobody_is_tied_to_the_browser(site: Site) -> None:
    publish(site, "interest")
    key = site.add_letter(site.add_person("hanako@aobadai.example"))
    token = site.token(key, TRAP)
    answer = site.client.get(f"/l/{token}", headers={"user-agent": "Mozilla/5.0 (X11) Chrome/130.0"})
    assert answer.status_code == 302 and token not in answer.headers["location"]
    site.client.post("/v1/events", json=batch(view("a"), link=token))
    site.read_inbox()
    live_until(site, site.wired.now + timedelta(minutes=5))
    assert read_link(site.wired.identity.secret, token) == (key, TRAP)
    rows = site.rows(activity, "kind", "machine", "machine_sure", "detail", "net")
    ((_, machine, sure, detail, net),) = [row for row in rows if row[0] == "clicked"]
    assert (detail["link"], net is None, "127" in str(detail)) == (TRAP, False, False)
    assert site.rows(visitor, "person_id") == [None], "who comes by it is nobody"
    assert (machine, sure) == ("trap", 99)
