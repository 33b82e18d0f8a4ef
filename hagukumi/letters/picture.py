"""A page as a browser shows it: HTML in, PNG out, by the system's Chromium. Start with `find_browser` and `Camera`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none", "--disable-lcd-text",
)  # fmt: skip
LETTER_WIDTH = 648
"""The 600 px of a letter with some of what is around it."""


def find_browser() -> str | None:
    """The path of Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Camera:
    """One open browser."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def png(self, page_html: str, *, width: int = LETTER_WIDTH, scheme: Literal["light", "dark"] = "light") -> bytes:
        """A picture of the whole page. Nothing is loaded from elsewhere, no script runs."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 400}, color_scheme=scheme, java_script_enabled=False, offline=True
        )
        try:
            page = context.new_page()
            page.set_content(page_html, wait_until="domcontentloaded")
            return page.screenshot(full_page=True, animations="disabled")
        finally:
            context.close()

    def pdf(self, page_html: str) -> bytes:
        """The page as it prints on A4."""
        context = self.browser.new_context(java_script_enabled=False, offline=True)
        try:
            page = context.new_page()
            page.set_content(page_html, wait_until="domcontentloaded")
            return page.pdf(prefer_css_page_size=True, print_background=True)
        finally:
            context.close()


@contextmanager
def camera(executable: str) -> Iterator[Camera]:
    """Opens the browser for many pictures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield Camera(browser)
        finally:
            browser.close()
