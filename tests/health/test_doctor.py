"""The doctor says how the sender stands: its records, its secrets, its rates, and what rests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hagukumi.doctor import examine
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters.channels import pause
from hagukumi.words.finding import Finding
from hagukumi.workspace import CHECKOUT, DATABASE_VARIABLE, Workspace, open_folder
from models.tables.engine import begin_write, open_engine
from tests.health.test_complaints import happened, sent
from tests.health.zones import GOOD, over, silent
from tests.shell.conftest import SETTINGS, make_folder

OUR_SETTINGS = SETTINGS.replace("a@mihon.example", "a@aoba.example")


@pytest.fixture
def workspace(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A real workspace that sends by SendGrid, without a key."""
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    monkeypatch.delenv("HAGUKUMI_SENDGRID_KEY", raising=False)
    folder = make_folder(tmp_path / "w", "real")
    text = OUR_SETTINGS.replace("starts_on: 2026-04-01\n", "").replace(
        "sender: {", "sender: {return_path: em12.aoba.example, "
    )
    (folder / "hagukumi.yaml").write_text(text + "outlet: sendgrid\nsendgrid: {key_file: key.txt}\n", "utf-8")
    return open_folder(folder)


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_engine(workspace.database_url)
    yield engine
    engine.dispose()


def found(workspace: Workspace, check: str) -> list[Finding]:
    return [each for each in examine(workspace, over(GOOD)) if each.check == check]


def test_its_records_are_looked_up_and_no_network_is_no_failure(workspace: Workspace) -> None:
    for check in ("mx", "spf", "dkim", "dmarc", "alignment"):
        assert {each.level for each in found(workspace, check)} == {"ok"}, check
    (dns,) = [each for each in examine(workspace, silent) if each.check == "dns"]
    assert dns.level == "warn"


def test_of_the_folder_it_says_that_nothing_leaves(workspace: Workspace) -> None:
    text = workspace.settings_file.read_text("utf-8").replace("outlet: sendgrid", "outlet: folder")
    workspace.settings_file.write_text(text, "utf-8")

    def nobody(name: str, kind: str) -> tuple[str, ...]:
        raise AssertionError("asked the DNS")

    (leaves,) = [each for each in examine(workspace, nobody) if each.check == "leaves"]
    assert leaves.level == "ok"


def test_a_key_is_there_once_it_stands_in_a_file_of_its_owners(workspace: Workspace) -> None:
    assert [each.level for each in found(workspace, "secret")] == ["fail"]
    key = workspace.folder / "key.txt"
    key.write_text("SG.secret\n", "utf-8")
    key.chmod(0o644)
    (open_,) = found(workspace, "secret")
    assert open_.level == "fail" and "chmod 600" in open_.said.ja
    key.chmod(0o600)
    (there,) = found(workspace, "secret")
    assert there.level == "ok"
    assert not [each for each in examine(workspace, over(GOOD)) if "SG.secret" in f"{each.said}{each.todo}"]


@pytest.mark.parametrize("key", ["SG.one\nSG.two", "SG.clé", "SG.ＡＢＣ", "SG.a b"])
def test_a_key_that_no_call_could_carry_is_not_called_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    file = workspace.folder / "key.txt"
    file.write_text(key, "utf-8")
    file.chmod(0o600)
    for _ in ("from the file", "from the environment"):
        (secret,) = found(workspace, "secret")
        assert secret.level == "fail" and "使えない文字" in secret.said.ja and "copy it again" in secret.said.en.lower()
        assert key not in secret.said.ja + secret.said.en
        monkeypatch.setenv("HAGUKUMI_SENDGRID_KEY", key)


def test_rates_and_who_complains_are_told_and_what_rests(workspace: Workspace, engine: Engine) -> None:
    assert found(workspace, "rates") == []
    now = datetime.now(UTC)
    keys = sent(engine, "mail.example", 90, now - timedelta(days=1))
    gone = sent(engine, "mail.example", 10, now - timedelta(days=1), "bounced")
    happened(engine, gone, "bounced", now)
    happened(engine, keys[:2], "spam_report", now)
    with begin_write(engine) as conn:
        pause(conn, "sendgrid/mail.example", Why("spam_reports", ("2", "90")), now)
        pause(conn, "sendgrid", Why("channel_paused"), now, until=now + timedelta(minutes=15))
    week, month = found(workspace, "rates")
    assert (week.level, month.level) == ("fail", "fail")
    assert "7日間: 送信 100通、宛先不明 10.0%、迷惑メールの申告 2.22%" in week.said.ja
    (complaints,) = found(workspace, "complaints")
    assert complaints.level == "fail" and "mail.example" in complaints.said.en
    whole, domain = found(workspace, "channel")
    assert "自動で再開" in whole.todo.ja
    assert "hagukumi channel resume sendgrid/mail.example" in domain.todo.ja
    assert "90通の送信で 2件" in domain.said.ja


def test_the_ramp_of_a_new_sender_is_told(workspace: Workspace) -> None:
    assert found(workspace, "warm_up") == []
    rules = workspace.scenarios / "rules" / "defaults.yaml"
    kept = "\n".join(line for line in rules.read_text("utf-8").splitlines() if not line.startswith("warm_up"))
    rules.write_text(kept + "\nwarm_up: {starts_on: 2020-01-06, plan: [50, 100]}\n", "utf-8")
    (over_,) = found(workspace, "warm_up")
    assert over_.said.en == "Warm-up: over"
    rules.write_text(kept + "\nwarm_up: {starts_on: 2999-01-06, plan: [50, 100]}\n", "utf-8")
    (ahead,) = found(workspace, "warm_up")
    assert "0通まで(50→100)" in ahead.said.ja


def test_it_says_whether_this_machine_prints_japanese(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    (paper,) = found(workspace, "paper")
    assert paper.level == "ok"
    monkeypatch.setattr("hagukumi.doctor.examination.ready", lambda: "print-no-font")
    (missing,) = found(workspace, "paper")
    assert missing.level == "warn" and "fonts-noto-cjk" in missing.todo.ja


def test_the_example_companys_figures_are_pointed_out_until_they_are_ones_own(workspace: Workspace) -> None:
    rules = workspace.scenarios / "rules" / "roi.yaml"
    assert not found(workspace, "roi")
    rules.write_bytes((CHECKOUT / "scenarios" / "rules" / "roi.yaml").read_bytes())
    (figures,) = found(workspace, "roi")
    assert figures.level == "warn" and "roi.yaml" in figures.todo.ja
    rules.write_text(rules.read_text("utf-8").replace("7200000", "6800000"), "utf-8")
    assert not found(workspace, "roi")
