"""The script in a real browser: silent without consent, tied by a signed link with it, forgotten on withdrawal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from hagukumi.web.pages import served_script
from models.tables.schema import activity, consent, person, visit, visitor
from tests.browser import chromium
from tests.web.site import Site, free_port, open_workspace, publish, served, until

PAGE = "/materials/overtime-summary"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with chromium("the script was not tried in a browser") as browser:
        yield browser


@pytest.fixture
def own(tables_on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose public address is this very server."""
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_on_sqlite)
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    workspace = open_workspace(tmp_path / "w", base_url=f"base_url: {home}")
    for file in [workspace.scenarios / "rules/content.yaml", *workspace.templates.rglob("*.yaml")]:
        file.write_text(file.read_text("utf-8").replace("https://hagukumi.example", home), "utf-8")
    materials = workspace.templates / "materials"
    materials.mkdir(exist_ok=True)
    for language in ("ja", "en"):
        (materials / f"overtime-summary.{language}.txt").write_text("看護記録の残業を減らします。\n", "utf-8")
    with served(workspace, port) as site:
        yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor."""
    context: BrowserContext = browser.new_context(locale="ja-JP")
    yield context.new_page()
    context.close()


def sent(page: Page) -> list[str]:
    """Paths the page posts to, from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.method == "POST" else None)
    return found


def stored(page: Page) -> Any:
    return page.evaluate("localStorage.getItem('hagukumi')")


def views(site: Site) -> list[str]:
    site.read_inbox()
    return [str(content) for content in site.rows(visit, "content")]


def test_the_script_is_small(own: Site) -> None:
    answer = own.client.get("/hagukumi.js")
    assert answer.headers["content-type"].startswith("text/javascript") and len(answer.content) <= 3_000
    assert answer.text == served_script("hagukumi.js")


def test_without_consent_nothing_is_sent_and_nothing_is_kept(own: Site, page: Page) -> None:
    posts = sent(page)
    page.goto(own.url + PAGE)
    page.click("#hagukumi-no")
    page.reload()
    page.wait_for_timeout(600)
    assert posts == [] and stored(page) is None and page.context.cookies() == []
    assert page.query_selector("#hagukumi-no") is None, "who said no is not asked again"


def test_with_consent_page_views_are_sent(own: Site, page: Page) -> None:
    page.goto(own.url + PAGE)
    page.click("#hagukumi-yes")
    assert until(lambda: views(own)) == ["overtime-summary"]
    page.goto(f"{own.url}{PAGE}?lang=en")
    assert until(lambda: len(views(own)) == 2)
    assert "Stop recording" in page.inner_text("#hagukumi-bar") and page.context.cookies() == []


def test_withdrawal_forgets(own: Site, page: Page) -> None:
    page.goto(own.url + PAGE)
    page.click("#hagukumi-yes")
    until(lambda: views(own))
    page.click("#hagukumi-off")
    assert until(lambda: views(own) == [])
    assert own.rows(visitor, "visitor") == [] and stored(page) is None
    page.reload()
    page.wait_for_timeout(600)
    assert views(own) == []


def test_a_browser_that_asks_not_to_be_tracked_is_not_asked(own: Site, browser: Browser) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    page = context.new_page()
    posts = sent(page)
    page.goto(own.url + PAGE)
    assert page.query_selector("#hagukumi-no") is None
    page.evaluate("hagukumi.consent('2026-04')")
    page.wait_for_timeout(600)
    assert posts == [] and stored(page) is None
    page.click("#hagukumi-yes")
    assert until(lambda: views(own)) == ["overtime-summary"]
    context.close()


def test_who_asks_not_to_be_tracked_after_a_consent_without_a_button_is_heard(own: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(own.url + PAGE)
    page.evaluate("hagukumi.consent('2026-04')")
    assert until(lambda: views(own)) == ["overtime-summary"]
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})")
    posts = sent(page)
    page.reload()
    page.wait_for_timeout(600)
    assert posts == [] and page.evaluate("hagukumi.consented()") is None
    page.evaluate("hagukumi.withdraw()")
    assert until(lambda: views(own) == []) and posts == [f"{own.url}/v1/withdraw"]
    context.close()


def test_a_signed_link_ties_the_visit_to_its_reader_only_with_consent(own: Site, page: Page) -> None:
    publish(own, "interest")
    one = own.add_person("hanako@aobadai.example")
    link = f"/l/{own.token(own.add_letter(one), 'summary')}"
    page.goto(own.url + link)
    assert page.url == own.url + PAGE, "the token does not stay in the address bar"
    page.wait_for_timeout(600)
    own.read_inbox()
    assert own.rows(activity, "person_id", "kind") == [(one, "clicked")]
    page.click("#hagukumi-yes")

    def tied() -> bool:
        own.read_inbox()
        return own.rows(activity, "person_id", "kind", "content")[1:] == [(one, "visited", "overtime-summary")]

    assert until(tied)


def test_a_form_carries_the_consent_and_ties_the_browser(own: Site, page: Page) -> None:
    page.goto(own.url + PAGE)
    page.click("#hagukumi-yes")
    until(lambda: views(own))
    page.evaluate("""() => {
        document.body.insertAdjacentHTML('beforeend', `<form id="f" method="post" action="/v1/forms/contact">
          <input name="name" value="青葉 花子"><input name="email" value="hanako@aobadai.example">
          <input type="checkbox" name="letters" checked><button id="send">送信</button></form>`);
    }""")
    page.click("#send")
    page.wait_for_url("**/v1/forms/contact")
    assert "ありがとうございました" in page.inner_text("h1")
    own.read_inbox()
    assert own.rows(person, "email_norm") == ["hanako@aobadai.example"]
    assert own.rows(consent, "ground", "page") == [("consent", own.url + PAGE)]
    assert sorted(own.rows(activity, "kind")) == ["arrived", "submitted", "visited"]
