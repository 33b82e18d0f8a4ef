"""Complaints of readers, from SendGrid's signed call by HTTP to the letters that wait, and to those that leave."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hagukumi.arriving import work_off
from hagukumi.ticking import react_now
from hagukumi.workspace import DATABASE_VARIABLE, open_folder
from tests.cli.lines import Line
from tests.faults.process import KEY, FaultServer
from tests.health.posting import found, minutes_pass
from tests.hooks.signed import HOOK, body_of, event, headers_of, shown
from tests.shell.conftest import Workshop
from tests.web.site import Site, served

COMPLAINING, QUIET = "mail.example", "aoba.example"
_numbers = itertools.count(1)


class Postroom(Workshop):
    """The workspace behind HTTP, its command line, and the provider."""

    def __init__(self, site: Site, line: Line, provider: FaultServer) -> None:
        super().__init__(site.wired)
        self.site, self.line, self.provider = site, line, provider

    def people(self, domain: str, number: int) -> list[int]:
        return [self.person(email=f"p{next(_numbers)}@{domain}") for _ in range(number)]

    def tick(self) -> None:
        """A minute of the loop, by command; letters that have just been written or asked again leave in the next."""
        for _ in range(2):
            said = self.line("tick")
            assert said.code == 0, said.err
            minutes_pass(self.wired)

    def told(self, *events: dict[str, Any]) -> None:
        """SendGrid's signed call comes by HTTP, and is acted upon."""
        body = body_of(*events)
        said = self.site.client.post(HOOK, content=body, headers=headers_of(body))
        assert (said.status_code, said.json()) == (200, {"accepted": True})
        work_off(self.wired)
        react_now(self.wired)

    def arrived(self, domain: str) -> list[str]:
        """Keys of the letters that the provider took for the domain."""
        return [line["key"] for line in self.provider.log() if line["to"].endswith(f"@{domain}")]


@pytest.fixture
def room(
    tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Postroom]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    monkeypatch.setenv("HAGUKUMI_SENDGRID_KEY", KEY)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")
    folder = tmp_path / "w"
    with FaultServer(tmp_path) as provider:
        found(folder, provider.url, shown()).engine.dispose()
        with served(open_folder(folder)) as site:
            yield Postroom(site, Line(capsys, folder), provider)


def test_two_readers_complain_their_domain_rests_and_a_person_lets_it_go_on(room: Postroom) -> None:
    room.people(COMPLAINING, 6)
    room.people(QUIET, 3)
    room.tick()
    first = room.arrived(COMPLAINING)
    assert len(first) == 6
    room.told(*(event("delivered", key) for key in first), event("spamreport", first[0]))
    room.tick()
    assert room.line("channel", "list", "--json").json == [], "one reader may press the wrong button"

    room.told(event("spamreport", first[1]), event("spamreport", first[1]))
    room.people(COMPLAINING, 2)
    room.people(QUIET, 1)
    room.tick()
    assert len(room.arrived(COMPLAINING)) == 6, "nothing more goes there"
    assert len(room.arrived(QUIET)) > 3, "elsewhere letters leave"
    (rest,) = room.line("channel", "list", "--json").json
    assert (rest["name"], rest["code"], rest["until"]) == (f"sendgrid/{COMPLAINING}", "spam_reports", None)

    held = room.line("letters", "held", "--json").json
    assert [one["code"] for one in held] == ["hold_channel_domain"] * 2
    assert all(one["until"] for one in held)
    said = room.line("letters", "held").out
    assert "迷惑メール" in said and f"hagukumi channel resume sendgrid/{COMPLAINING}" in said
    assert "too many complaints (2 for 6 letters" in room.line("--lang", "en", "letters", "held").out

    assert room.line("channel", "resume", f"sendgrid/{COMPLAINING}").code == 0
    room.tick()
    assert len(room.arrived(COMPLAINING)) == 8
    assert room.line("letters", "held", "--json").json == []
    assert room.line("channel", "list", "--json").json == [], "what was looked at is not held against anybody again"
    assert sorted(room.provider.accepted().values())[-1] == 1


def test_a_call_that_nobody_signed_pauses_nothing(room: Postroom) -> None:
    room.people(COMPLAINING, 4)
    room.tick()
    body = body_of(*(event("spamreport", key) for key in room.arrived(COMPLAINING)))
    headers = headers_of(body)
    assert room.site.client.post(HOOK, content=body + b" ", headers=headers).status_code == 403
    work_off(room.wired)
    room.people(COMPLAINING, 1)
    room.tick()
    assert len(room.arrived(COMPLAINING)) == 5


def test_mailboxes_that_do_not_exist_are_told_by_the_doctor_with_their_share(room: Postroom) -> None:
    room.people(COMPLAINING, 6)
    room.tick()
    keys = room.arrived(COMPLAINING)
    room.told(*(event("bounce", key) for key in keys[:3]), *(event("delivered", key) for key in keys[3:]))
    told = [one for one in room.line("doctor", "--json").json if one["check"] == "rates"]
    assert {one["level"] for one in told} == {"fail"}
    assert "送信 6通、宛先不明 50.0%" in told[0]["message"]
