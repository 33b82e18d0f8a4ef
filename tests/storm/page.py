"""docs/reliability.md and its Japanese twin, from what a long storm has told. Start with `write`."""

# A sentence of the page is one line.
# ruff: noqa: E501

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tests.storm.judge import Verdict
from tests.storm.life import Told, Weather

DOCS = Path(__file__).resolve().parents[2] / "docs"


class Run(NamedTuple):
    """One run: the storm, what was found, the deaths at boundaries by database, and what other builds brought."""

    day: date
    people: int
    facilities: int
    weather: Weather
    told: Told
    letters: int
    states: Mapping[str, int]
    verdict: Verdict
    boundaries: Mapping[str, Mapping[str, Any]]
    builds: Mapping[str, Mapping[str, int]]


PROMISES = (
    ("twice", "同じメールが二度届いた", "the same letter twice"),
    ("content_twice", "同じ宛先に同じ内容が二度届いた", "the same content twice to one mailbox"),
    ("lost", "送信済みとされたのに届いていない", "said to be sent, and never taken"),
    ("denied", "届いたのに、送っていないことになっている", "taken, and not even doubted to be"),
    ("stuck", "途中で止まったまま", "stuck half-way"),
    ("cap", "通数の上限・間隔を破った", "a cap or an interval broken"),
    ("voice", "一施設に一日二つのシナリオ", "two voices a day at one facility"),
    ("after_refusal", "配信停止のあとに届いた", "something after a refusal"),
)
TEXTS = {
    "ja": (
        "# 信頼性",
        "送信の途中で何が起きても、同じメールは二度出ず、消えたメールは必ず「結果不明」に残ります。それを確かめた試験の記録です。数字はこの命令で作り直せます。",
        "送信先の役をするのは、SendGrid と同じ応答をする実際の HTTP サーバー(`tests/faults`)です。受け付けたメールを、応答の前に自分の記録へ書きます。判定には、この記録だけを使います(`tests/storm/judge.py`)。",
        ("起きたこと", "回数"),
        ("約束", "違反"),
        "## 境目ごとの強制終了",
        "コミットの前後、呼び出しの前後、送信簿への記入の前後の一つひとつで送信プロセスを SIGKILL し、別のプロセスに引き継がせます。",
        ("データベース", "境目", "強制終了", "違反"),
        "## 守りを外した版",
        "同じ試験は、守りを外した版では失敗しなければなりません。",
        ("外したもの", "見つかった違反"),
        "## 控えから戻したとき",
        "途中の控えにデータベースを戻しても、送信簿(`var/logbook.db`)が覚えているため、二度は出ません。送信簿は控えから戻さないでください([0045](decisions/0045-a-logbook-beside-the-database.md))。",
        "受け付けの途中だった呼び出し(2秒以内)は、配信停止の後とは数えません。",
    ),
    "en": (
        "# Reliability",
        "Whatever happens while letters leave, none goes out twice, and what is lost sight of stands as `unknown`. This is the record of the test that shows it; the command below makes it anew.",
        "The provider is played by a real HTTP server that answers as SendGrid does in trouble (`tests/faults`). It writes every letter it takes into a log of its own before it answers, and that log alone is what is judged (`tests/storm/judge.py`).",
        ("What happened", "times"),
        ("Promise broken", "times"),
        "## Killed at every boundary",
        "The sender is killed (SIGKILL) before and after every commit, every call and every note in the logbook; another process takes over.",
        ("database", "boundaries", "kills", "breaches"),
        "## Builds without a fence",
        "The same test must fail where a fence is taken out.",
        ("taken out", "breaches found"),
        "## Back from a backup",
        "When the database is put back as it was some time ago, the logbook (`var/logbook.db`) remembers what has left since. Do not restore the logbook with it ([0045](decisions/0045-a-logbook-beside-the-database.md)).",
        "A call that was under way when a refusal was written down (within two seconds) does not count as after it.",
    ),
}  # fmt: skip
COMMAND = "```console\nmake torture TORTURE_FLAGS=--storm\n```"


def write(run: Run) -> None:
    """Writes both pages."""
    (DOCS / "reliability.md").write_text(page(run, "en"), "utf-8")
    (DOCS / "reliability.ja.md").write_text(page(run, "ja"), "utf-8")


def page(run: Run, lang: str) -> str:
    """The page in one language."""
    head, why, how, did, promise, at, at_text, at_head, builds, builds_text, builds_head, back, back_text, grace = (
        TEXTS[lang]
    )
    ja = lang == "ja"
    promises = [(words if ja else english, len(getattr(run.verdict, name))) for name, words, english in PROMISES]
    stands = ", ".join(f"{state} {number:,}" for state, number in sorted(run.states.items()))
    size = (
        f"{run.people:,}人・{run.facilities:,}施設・{len(run.weather.days)}営業日、送信プロセス{run.weather.senders}つ、{run.told.seconds:,.0f}秒({run.day})。"
        if ja
        else f"{run.people:,} people at {run.facilities:,} facilities, {len(run.weather.days)} business days, {run.weather.senders} senders, {run.told.seconds:,.0f} s ({run.day})."
    )
    end = f"最後の状態: {stands}。{grace}" if ja else f"States at the end: {stands}. {grace}"
    other = "[English](reliability.md)" if ja else "[日本語](reliability.ja.md)"
    parts = [
        f"{head}\n\n{other}", why, COMMAND, how, size, _table(did, _happened(run, ja)), _table(promise, promises), end,
        at, at_text, _table(at_head, _boundaries(run)), builds, builds_text, _table(builds_head, _builds(run)), back,
        back_text,
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _happened(run: Run, ja: bool) -> list[tuple[str, Any]]:
    told, server = run.told, run.told.server
    rows = [
        ("届いたメール" if ja else "letters taken by the server", run.letters),
        ("送信プロセスの強制終了" if ja else "senders killed", told.deaths),
        ("受信プロセスの強制終了" if ja else "web processes killed", told.web_deaths),
        ("時計の巻き戻し" if ja else "clocks set back", told.clocks_back),
        ("控えへの復元" if ja else "backups put back", told.restores),
        ("復元で「結果不明」になったメール" if ja else "letters unknown after that", told.recovered),
        ("配信停止(ワンクリック)" if ja else "refusals (one-click)", told.refusals),
        ("イベント" if ja else "events", server["hooks"]["made"]),
        ("イベントの通知(重複を含む、順不同)" if ja else "events posted, repeated and shuffled", server["hooks"]["posted"]),
    ]  # fmt: skip
    rows += [(f"{'故障' if ja else 'fault'}: `{kind}`", number) for kind, number in sorted(server["played"].items())]
    return rows


def _boundaries(run: Run) -> list[tuple[Any, ...]]:
    return [
        (name, sum(Counter(found["boundaries"]).values()), found["deaths"], sum(found["breaches"].values()))
        for name, found in run.boundaries.items()
    ]


def _builds(run: Run) -> list[tuple[str, str]]:
    return [
        (name, ", ".join(f"{what} {number}" for what, number in breaches.items()) or "0")
        for name, breaches in run.builds.items()
    ]


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    lines = [" | ".join(head), " | ".join(["---"] + ["---:"] * (len(head) - 1))]
    lines += [" | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)
