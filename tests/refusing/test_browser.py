"""The page in a real browser, without scripts: as people see it on a desk and on a telephone, in ja and en."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.refusing.readers import Reader

Scheme = Literal["light", "dark"]
DESK, PHONE = (1100, 900), (360, 740)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with chromium("the page to refuse was not tried in a browser") as browser:
        yield browser


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "light"), (PHONE, "dark")])
def test_everything_fits_and_can_be_read(
    browser: Browser,
    small_reader: Reader,
    tmp_path: Path,
    lang: str,
    size: tuple[int, int],
    scheme: Scheme,
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        java_script_enabled=False,
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(f"{small_reader.site.url}{small_reader.path}?lang={lang}")
    picture = page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert len(picture) > 10_000 and wrong == []
    button = page.locator("button.all")
    box = button.bounding_box()
    assert box is not None and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1], "the button to stop everything is seen without scrolling"
    for label in page.locator("label").all():
        place = label.bounding_box()
        assert place is not None and place["height"] >= 44 and place["x"] + place["width"] <= size[0]
    context.close()


def test_a_person_stops_a_topic_and_then_everything(browser: Browser, small_reader: Reader) -> None:
    context = browser.new_context(locale="ja-JP", java_script_enabled=False)
    page = context.new_page()
    page.goto(small_reader.site.url + small_reader.path)
    page.get_by_label("看護記録の残業").check()
    page.get_by_label("お電話").check()
    page.get_by_role("button", name="チェックしたものを停止する").click()
    assert "停止しました" in page.inner_text("h1") and "「看護記録の残業」" in page.inner_text("main")
    page.get_by_role("link", name="ほかの設定を見る").click()
    assert page.get_by_label("看護記録の残業").is_disabled()
    page.get_by_role("button", name="ご案内メールをすべて停止する").click()
    assert "ご案内メール(すべて)" in page.inner_text("main")
    page.reload()
    page.goto(small_reader.site.url + small_reader.path)
    assert "停止しています" in page.inner_text("h1") and context.cookies() == []
    assert len(small_reader.refusals()) == 3
    context.close()


def test_everything_works_by_keyboard(browser: Browser, small_reader: Reader) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(small_reader.site.url + small_reader.path)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "all"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=All advertising mail")
    assert [channel for channel, *_ in small_reader.refusals()] == ["mail"]
    context.close()
