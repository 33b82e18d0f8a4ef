"""Access and the consent audit: everything is shown, to whoever may see it, and each mail with its ground."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from hagukumi.cli.refusing import WAYS
from models.tables.engine import begin_write
from models.tables.schema import consent, refusal
from tests.privacy.planted import ADDRESS, COLLEAGUE, FORMER, LOSS, WORDS, call, plant
from tests.web.site import Site

Capture = pytest.CaptureFixture[str]


def answer(site: Site, capsys: Capture, *words: str) -> Any:
    capsys.readouterr()
    assert call(site, *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_the_export_shows_every_word_that_was_planted(site: Site, tmp_path: Path, capsys: Capture) -> None:
    plant(site, tmp_path / "lists")
    told = answer(site, capsys, "person", "export", ADDRESS)
    text = json.dumps(told, ensure_ascii=False)
    assert [word for word in (*WORDS, LOSS) if word not in text] == []
    assert COLLEAGUE not in text, "others' data are theirs"
    sections = told["sections"]
    assert len(sections["records"]) == 2 and sections["grounds"] and sections["tasks"] and sections["deals"]
    assert any("ご案内" in (row["body"] or "") or row["body"] for row in sections["letters"])
    assert all(row["at"].endswith("+09:00") for row in told["story"])
    assert answer(site, capsys, "person", "export", FORMER)["person"] == told["person"]
    # People read it too, in either language.
    assert call(site, "person", "export", ADDRESS) == 0 and "メール(送信した文面を含む)" in capsys.readouterr().out
    assert call(site, "person", "export", ADDRESS, "--lang", "en") == 0
    assert "grounds and their evidence" in capsys.readouterr().out


def test_the_file_is_for_its_owner_and_is_not_overwritten(small_site: Site, tmp_path: Path, capsys: Capture) -> None:
    small_site.add_person(ADDRESS)
    out = tmp_path / "her.json"
    assert call(small_site, "person", "export", ADDRESS, "--out", str(out)) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text("utf-8"))["sections"]["records"][0]["email_norm"] == ADDRESS
    out.write_text("mine", "utf-8")
    assert call(small_site, "person", "export", ADDRESS, "--out", str(out)) == 1
    assert "--force" in capsys.readouterr().err and out.read_text("utf-8") == "mine"
    assert call(small_site, "person", "export", ADDRESS, "--out", str(out), "--force") == 0
    assert call(small_site, "person", "export", ADDRESS, "--out", str(tmp_path / "no" / "x.json")) == 1


def test_a_stranger_is_told_calmly(small_site: Site, capsys: Capture) -> None:
    assert call(small_site, "person", "export", "nobody@kujaku.example") == 1
    assert "お預かりしている情報はありません" in capsys.readouterr().err
    assert call(small_site, "consent", "audit", "nobody@kujaku.example") == 1
    assert call(small_site, "person", "export", "no@address@x") == 1
    assert "読み取れません" in capsys.readouterr().err


def test_each_mail_is_shown_with_the_ground_on_which_it_went(site: Site, tmp_path: Path, capsys: Capture) -> None:
    plant(site, tmp_path / "lists")
    told = answer(site, capsys, "consent", "audit", ADDRESS)
    card = told["grounds"][0]
    assert (card["ground"], card["got_by"], card["got_where"], card["image_id"]) == (
        "card",
        "佐藤",
        "展示会",
        "scan-4711",
    )
    assert (card["purpose_version"], card["proven"], card["stands"]) == ("2026-01", True, True)
    assert card["got_at"].startswith("2026-03-02")
    assert card["legal_entity"] == "医療法人瑠璃"
    form = told["grounds"][1]
    assert form["ground"] == "consent" and form["wording_hash"] and form["purpose_version"] == "2026-04"
    assert [(one["ground"], one["needs_ground"], one["after_refusal"]) for one in told["letters"]] == [(1, True, False)]
    assert told["keep_until"].startswith("2026-05-25"), "a month after the mail of April 24, the day included"
    shown = {lang: _shown(site, capsys, lang) for lang in ("ja", "en")}
    assert "根拠 [1]" in shown["ja"] and "名刺の受領 / メール / 有効" in shown["ja"] and "2026年5月24日" in shown["ja"]
    assert "ground [1]" in shown["en"] and "business card / mail / stands" in shown["en"]


def _shown(site: Site, capsys: Capture, lang: str) -> str:
    capsys.readouterr()
    assert call(site, "consent", "audit", ADDRESS, "--lang", lang) == 0
    return capsys.readouterr().out


def test_a_ground_got_later_or_withdrawn_before_or_unproven_carries_no_mail(small_site: Site, capsys: Capture) -> None:
    who = small_site.add_person(ADDRESS)
    small_site.add_letter(who)  # sent on April 1
    grounds = (
        {"ground": "consent", "got_at": _day(4, 2), "source": "form"},
        {"ground": "card", "got_at": _day(1, 1), "source": "list", "withdrawn_at": _day(3, 1)},
        {"ground": "card", "got_at": None, "got_by": "佐藤"},
    )
    with begin_write(small_site.wired.engine) as conn:
        for each in grounds:
            conn.execute(insert(consent).values(person_id=who, channel="mail", **each))
    told = answer(small_site, capsys, "consent", "audit", ADDRESS)
    assert [one["ground"] for one in told["letters"]] == [None]
    assert call(small_site, "consent", "audit", ADDRESS) == 0
    assert "根拠を確認できません" in capsys.readouterr().out
    with begin_write(small_site.wired.engine) as conn:
        conn.execute(update(consent).where(consent.c.got_at == _day(1, 1)).values(withdrawn_at=_day(4, 1, 1)))
    (sent,) = answer(small_site, capsys, "consent", "audit", ADDRESS)["letters"]
    assert sent["ground"] == 1, "it was withdrawn after the mail"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_audit_is_read_without_codes_and_says_what_was_not_recorded(
    small_site: Site, capsys: Capture, lang: str
) -> None:
    who = small_site.add_person(ADDRESS)
    sources = ("link", "reply", "sendgrid", "erasure", *(f"staff/{way}" for way in WAYS))
    with begin_write(small_site.wired.engine) as conn:
        made = {
            "person_id": who,
            "channel": "mail",
            "ground": "consent",
            "got_at": _day(4, 2),
            "source": "form:contact",
        }
        conn.execute(insert(consent).values(**made))
        for day, source in enumerate(sources, 1):
            row = {"person_id": who, "channel": "mail", "cause": "unsubscribed", "at": _day(4, day), "source": source}
            conn.execute(insert(refusal).values(**row))
    shown = _shown(small_site, capsys, lang)
    assert not [source for source in (*sources, "form:contact") if f"/ {source}\n" in shown or f": {source}\n" in shown]
    assert "staff/" not in shown
    if lang == "ja":
        assert "利用目的の版: 記録なし" in shown and "取り込み元: フォーム「contact」" in shown
        assert "メール / 配信停止 / 担当者へのお申し出" in shown and "メールの配信停止リンクから" in shown
    else:
        assert "purpose of use, version: not recorded" in shown and "source: form “contact”" in shown
        assert "mail / unsubscribed / by the link in a mail" in shown and "told to us by telephone" in shown
    told = answer(small_site, capsys, "consent", "audit", ADDRESS)
    assert [one["source"] for one in told["refusals"]] == list(sources), "programs get the codes"


def _day(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)
