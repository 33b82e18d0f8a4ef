"""A refusal counts for the very next letter: while a tick is sending, and while the page's own write has to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from hagukumi.channels.folder.outlet import Maildir
from hagukumi.channels.refusing import Asked, body_of
from hagukumi.files import read_files
from hagukumi.letters.refusing import PATH, sign_refusal
from hagukumi.letters.transport import Outgoing, Said
from hagukumi.ticking import deliver, tick
from hagukumi.wiring import wire
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from models.tables.engine import begin_read
from models.tables.schema import letter, refusal
from tests.refusing.readers import ONE_CLICK
from tests.shell.conftest import Workshop, make_folder
from tests.web.site import Site, served

SCENARIO = """
scenario: story
title: {ja: 見本, en: An example}
purpose: 確かめる
owner: 佐藤
who: {stage: lead}
enter: once
steps:
  - send: story/first
    id: first
  - wait: 5営業日
  - send: story/second
    id: second
  - end: おわり
"""
PEOPLE = 6


class Interrupted(Maildir):
    """A Maildir; while the first letter is handed over, everybody else presses the button of their mail program."""

    def __init__(self, folder: Path, workshop: Workshop, site: Site) -> None:
        super().__init__(folder)
        self.workshop, self.site = workshop, site
        self.handed: list[str] = []

    def call(self, letters: Sequence[Outgoing]) -> Sequence[Said]:
        if not self.handed:
            mine = {one.key for one in letters}
            with begin_read(self.workshop.engine) as conn:
                keys = [key for key in conn.scalars(select(letter.c.key)) if key not in mine]
            for key in keys:
                path = PATH + sign_refusal(self.workshop.wired.identity.secret, key)
                assert httpx.post(self.site.url + path, data=ONE_CLICK, timeout=30).status_code == 200
        self.handed += [one.key for one in letters]
        return super().call(letters)


@pytest.fixture
def workshop(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """A workspace of short letters; the test runs once on each database."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    wired = wire(open_folder(make_folder(tmp_path / "workspace")))
    yield Workshop(wired)
    wired.engine.dispose()


def states(workshop: Workshop) -> list[str]:
    with begin_read(workshop.engine) as conn:
        return sorted(conn.scalars(select(letter.c.state)))


def test_who_refuses_while_a_tick_is_sending_gets_nothing_more(workshop: Workshop, tmp_path: Path) -> None:
    for _ in range(PEOPLE):
        workshop.person()
    workshop.publish(SCENARIO)
    with served(workshop.wired.workspace) as site:
        outlet = Interrupted(tmp_path / "box", workshop, site)
        workshop.wired.outlet = outlet
        workshop.live(days=12)
    accepted = [key for key in outlet.handed if "/first/" in key]
    assert len(accepted) == 1, "one letter was being handed over, and no other left after the clicks"
    # Only the one who did not refuse hears of us again.
    assert len(outlet.handed) == 2 and workshop.letters() == ["first", "second"]
    assert states(workshop).count("accepted") == 2 and len(states(workshop)) == PEOPLE + 1
    assert {state for state, _ in workshop.steps()} == {"ended"}


def test_what_waits_in_the_inbox_counts_before_anything_is_sent(workshop: Workshop) -> None:
    """The page found the database busy, no loop is running, and somebody sends from the shell."""
    who = workshop.person()
    workshop.publish(SCENARIO)
    workshop.live(hours=1)
    (first,) = workshop.letters()
    assert first == "first"
    with begin_read(workshop.engine) as conn:
        key = conn.scalars(select(letter.c.key)).one()
    workshop.wired.inbox.put("refusal", body_of(key, Asked(("mail",))), at=datetime.now(UTC))
    deliver(workshop.wired)
    with begin_read(workshop.engine) as conn:
        assert list(conn.execute(select(refusal.c.channel, refusal.c.person_id))) == [("mail", who)]
    tick(workshop.wired, workshop.wired.now + timedelta(days=10))
    assert workshop.letters() == ["first"]


def test_a_theme_stops_its_letters_only_and_ends_nothing(workshop: Workshop) -> None:
    folder = workshop.wired.workspace.folder
    themes = "themes:\n  overtime: {ja: 残業, en: Overtime}\n  claims: {ja: 請求, en: Claims}\ncontents: []\n"
    (folder / "scenarios/rules/content.yaml").write_text(themes, "utf-8")
    for name, theme in (("first", "claims"), ("second", "overtime"), ("third", "claims")):
        sheet = f"title: {{ja: {name}, en: {name}}}\ntheme: {theme}\n"
        (folder / f"templates/story/{name}.yaml").write_text(sheet, "utf-8")
    workshop.wired.files = read_files(workshop.wired.workspace)
    workshop.person()
    more = "  - wait: 5営業日\n  - send: story/third\n    id: third\n  - end: おわり\n"
    workshop.publish(SCENARIO.replace("  - end: おわり\n", more))
    workshop.live(hours=1)
    with begin_read(workshop.engine) as conn:
        key = conn.scalars(select(letter.c.key)).one()
    with served(workshop.wired.workspace) as site:
        path = PATH + sign_refusal(workshop.wired.identity.secret, key)
        chosen = {"some": "1", "topic": "overtime"}
        assert site.client.post(path, data=chosen).status_code == 200
    workshop.live(days=40)
    assert workshop.letters() == ["first", "third"]
    assert workshop.letters(state="stopped") == ["second"]


def test_the_very_link_of_a_letter_that_was_sent_refuses(workshop: Workshop) -> None:
    """From the Maildir: what its reader clicks, and what their mail program posts to."""
    import re
    from email import message_from_bytes
    from email.policy import default

    workshop.person()
    workshop.publish(SCENARIO)
    workshop.live(hours=1)
    box = workshop.wired.workspace.folder / "var" / "outbox" / "new"
    (file,) = box.iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    link = re.fullmatch(r"<(\S+)>", str(message["List-Unsubscribe"]))
    assert link is not None and message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and page is not None
    assert link[1] in text.get_content() and f'href="{link[1]}"' in page.get_content()
    assert "aoba.example" not in link[1] and "story" not in link[1]
    with served(workshop.wired.workspace) as site:
        path = link[1].removeprefix("https://mihon.example")
        assert site.client.get(path).status_code == 200
        assert site.rows(refusal, "channel") == []
        assert site.client.post(path, data=ONE_CLICK).status_code == 200
        assert site.rows(refusal, "channel", "cause") == [("mail", "unsubscribed")]
