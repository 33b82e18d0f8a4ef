"""docs/guards.md and its Japanese twin, written from GUARDS by `python -m hagukumi.letters.guard_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hagukumi.journeys.core.values import Words
from hagukumi.letters.departure import CLASSES
from hagukumi.letters.guards import GUARDS, Ask
from hagukumi.letters.words import CLASS_TITLES, GUARD_TITLES

FOLDER = Path(__file__).resolve().parents[2] / "docs"

DOES: dict[str, Words] = {
    "stop_switch": Words("一時停止(pause)のあいだ待つ", "waits while paused"),
    "frozen_play": Words("凍結中のプレイのメールは待つ", "waits while its play is frozen"),
    "frozen_account": Words("人が凍結した施設へは、その日まで送らない", "waits while people froze the account"),
    "opt_outs_settled": Words("旧ツールの配信停止リストが入るまで待つ", "waits for the former tool's opt-outs"),
    "address": Words("アドレスがなければ送らない", "no address, no letter"),
    "live_address": Words("宛先不明で戻ったアドレスには送らない", "nothing to a mailbox that does not exist"),
    "surname": Words("姓が分からなければ送らない", "no surname, no letter"),
    "refusal": Words("お断り・配信停止(テーマだけのものはそのテーマ)", "refusals; one of a theme stops that theme"),
    "legal_ground": Words("送る根拠と、その記録がいる", "advertising needs a ground and its evidence"),
    "content_stands": Words("取り下げた内容は送らない", "withdrawn content does not leave"),
    "content_approved": Words("必要な確認がそろうまで待つ(approval)", "waits for every check of `approval`"),
    "inside_sales": Words("ISの対応中は待つ(task_hold まで)", "waits while inside sales acts, up to `task_hold`"),
    "account_in_deal": Words("商談中の施設には送らない(deal)", "silent at accounts in a deal (`deal`)"),
    "sending_day": Words("土日祝と送信しない日は待つ", "not on weekends, holidays, `no_send_days`"),
    "sending_hours": Words("送信時間を待つ(send_hours)", "waits for `send_hours`"),
    "recipient_calendar": Words(
        "休診日・半日・部署のお忙しい日は待つ", "waits while they are closed or the department is busy"
    ),
    "person_cap": Words("お一人・一つのアドレスへの通数と間隔(cap)", "caps of a person and a mailbox (`cap`)"),
    "same_content": Words("同じ内容は同じ宛先に二度送らない", "the same content never twice to a mailbox"),
    "freshness": Words("長く待ちすぎたら送らない(fresh_for)", "not after waiting too long (`fresh_for`)"),
    "voice": Words("一施設一営業日に一つのシナリオ", "an account hears one scenario a business day"),
    "account_cap": Words("一施設への通数(account_cap)", "cap of an account (`account_cap`)"),
    "channel_open": Words("出口やドメインの停止中は待つ", "waits while the outlet or the domain rests"),
    "warm_up": Words("新しい差出人の24時間の通数(warm_up)", "ramp of a new sender (`warm_up`)"),
    "domain_rate": Words("一つのドメインへの通数(domain_rate)", "rate to a mail domain (`domain_rate`)"),
}
_HEAD = Words(
    "# メールの関門\n\n"
    "メールは、送る直前に次の関門すべてを、この順に通ります([English](guards.md))。一つでも「見送り」なら送らず、"
    "「保留」ならいちばん遅い時刻にもう一度確かめます。数は `scenarios/rules/defaults.yaml` にあります。\n"
    "どのメールが何で止まっているかは `hagukumi letters held`、`hagukumi letters stopped` で分かります。○: 適用。"
    "「待つ間も古くなる」が「いいえ」の保留は、`fresh_for` に数えません。\n",
    "# What every letter passes\n\n"
    "Just before it leaves, a letter passes all of these, in this order ([日本語](guards.ja.md)). Any stop beats every "
    "hold; among holds the latest time wins, and then it is asked again.\n"
    "The numbers stand in `scenarios/rules/defaults.yaml`. `hagukumi letters held` and `hagukumi letters stopped` say "
    "which letter waits for what. ○: applies.\n"
    "Holds under which a letter does not age do not count towards `fresh_for`.\n",
)
_FOOT = Words(
    "最後の三つは、外へ送る出口(smtp、sendgrid)だけに働きます。このページは `make schema` が書きます。\n",
    "The last three act only where letters leave over a network (smtp, sendgrid). `make schema` writes this page.\n",
)


def page(lang: str) -> str:
    """The whole page."""
    classes = [CLASS_TITLES[klass].say(lang) for klass in CLASSES]
    answer, ages = ("答え", "待つ間も古くなる") if lang == "ja" else ("answer", "ages while held")
    guard, does = ("関門", "何をするか") if lang == "ja" else ("guard", "what it does")
    rows = [["#", guard, does, *classes, answer, ages], ["---"] * (5 + len(classes)), *_rows(lang)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{_HEAD.say(lang)}\n{table}\n\n{_FOOT.say(lang)}"


def _rows(lang: str) -> Iterator[list[str]]:
    ja = lang == "ja"
    for number, guard in enumerate(GUARDS, 1):
        answers, ages = answers_of(guard.ask)
        said = [{"hold": "保留", "stop": "見送り"}[one] if ja else one for one in answers]
        old = "–" if ages is None else ("はい" if ja else "yes") if ages else ("いいえ" if ja else "no")
        marks = ["○" if klass in guard.classes else "" for klass in CLASSES]
        title, does = GUARD_TITLES[guard.name].say(lang), DOES[guard.name].say(lang)
        yield [str(number), title, does, *marks, "・".join(said) if ja else ", ".join(said), old]


def answers_of(ask: Ask) -> tuple[list[str], bool | None]:
    """Which answers a guard can give, and whether its hold lets the letter age (None: it holds nothing).

    Read from the guard itself, so that the page cannot say anything else.
    """
    names, constants = ask.__code__.co_names, ask.__code__.co_consts
    answers = [answer for answer in ("hold", "stop") if answer.capitalize() in names]
    still = any(isinstance(one, tuple) and "stands_still" in one for one in constants)
    return answers, None if "hold" not in answers else not still


def write() -> None:
    """Writes both pages."""
    (FOLDER / "guards.md").write_text(page("en"), "utf-8")
    (FOLDER / "guards.ja.md").write_text(page("ja"), "utf-8")


if __name__ == "__main__":
    write()
