"""The API key: exchanged while it runs, and never seen anywhere."""

import logging
from pathlib import Path

import pytest

from hagukumi.channels.sendgrid.outlet import HOSTS, address, open_sendgrid
from hagukumi.letters.transport import Accepted, Refused
from hagukumi.reading.say import sentence, why_of
from hagukumi.settings import SendGrid
from hagukumi.words.refusal import NotDone
from tests.faults.process import KEY, FaultServer
from tests.sendgrid.letters import letter, outlet


def _write(file: Path, key: str) -> None:
    file.write_text(key + "\n", "utf-8")
    file.chmod(0o600)


def test_a_key_is_exchanged_without_a_restart(
    faults: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAGUKUMI_SENDGRID_KEY")
    _write(tmp_path / "key", KEY)
    asked = outlet(faults.url, tmp_path, key_file="key")
    assert isinstance(asked.call([letter("turn/1")])[0], Accepted)
    faults.let_in("SG.the-new-key")
    (old,) = asked.call([letter("turn/2")])
    assert isinstance(old, Refused)
    assert (old.code, old.channel, old.permanent) == ("401", True, False)
    _write(tmp_path / "key", "SG.the-new-key")
    assert isinstance(asked.call([letter("turn/2")])[0], Accepted)
    monkeypatch.setenv("HAGUKUMI_SENDGRID_KEY", KEY)
    assert isinstance(asked.call([letter("turn/3")])[0], Refused)


@pytest.mark.parametrize(("key", "code"), [("", "sendgrid-key"), ("SG.a\r\nX-Evil: 1", "sendgrid-key-form")])
def test_without_a_usable_key_the_channel_says_so_and_no_letter_is_to_blame(
    faults: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, code: str
) -> None:
    monkeypatch.setenv("HAGUKUMI_SENDGRID_KEY", key)
    before = faults.report()["calls"]
    assert outlet(faults.url, tmp_path).call([letter("none/1")]) == [Refused(code, channel=True)]
    assert faults.report()["calls"] == before


def test_a_key_that_others_may_read_is_not_used(
    faults: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAGUKUMI_SENDGRID_KEY")
    _write(tmp_path / "key", KEY)
    (tmp_path / "key").chmod(0o644)
    said = outlet(faults.url, tmp_path, key_file="key").call([letter("seen/1")])
    assert said == [Refused("sendgrid-key-open", channel=True)]


def test_nothing_of_the_key_is_in_logs_answers_or_representations(
    faults: FaultServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = outlet(faults.url, tmp_path)
    seen: list[object] = [asked]
    for kind in ("", "timeout=1", "reset=1", "wrong-status=1", "500=1", "wrong-json-400=1"):
        faults.play(kind)
        seen += asked.call([letter(f"secret/{kind}")])
    faults.let_in("SG.another")
    seen += asked.call([letter("secret/401")])
    for url in ("https://nobody.invalid", faults.url.replace("http:", "https:")):
        seen += outlet(url, tmp_path).call([letter("secret/unreached")])
    parts = [*seen, *vars(asked).values()]
    assert caplog.records
    for part in [caplog.text, *map(repr, parts), *map(str, parts)]:
        assert KEY not in part


@pytest.mark.parametrize(
    "url",
    ["http://api.sendgrid.example", "ftp://127.0.0.1", "https://", "https://user@api.example", "http://10.0.0.1",
     "http://[", "https://api.example:port", "http://localhost.example"],
)  # fmt: skip
def test_letters_do_not_go_out_in_the_clear(url: str, tmp_path: Path) -> None:
    with pytest.raises(NotDone) as refused:
        open_sendgrid(SendGrid(url=url), tmp_path)
    assert refused.value.code == "sendgrid-url"


def test_the_region_chooses_the_address() -> None:
    assert address(SendGrid()) == HOSTS["global"] == "https://api.sendgrid.com"
    assert address(SendGrid(region="eu")) == "https://api.eu.sendgrid.com"
    for url in ("http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1", "https://proxy.example/sg"):
        assert address(SendGrid(region="eu", url=url)) == url


def test_codes_are_said_in_words() -> None:
    lost, limit = why_of(["outlet_answer_lost", "timeout"]), why_of(["outlet_refused", "429"])
    assert lost is not None
    assert limit is not None
    assert "時間内に返事がありません" in sentence(lost, "ja")
    assert sentence(limit, "en") == "The outlet did not take it (429 the limit of calls was reached)"
