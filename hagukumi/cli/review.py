"""abm review: the fortnight. Prepared by the program, decided by people, carried out by `finish`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from hagukumi.cli.agreeing import ByOption, WhyOption, facilities
from hagukumi.cli.changing import read_day
from hagukumi.cli.frame import Call, command
from hagukumi.cli.review_shown import review_json, show_review

if TYPE_CHECKING:
    from abm.review import Course, Decision
    from hagukumi.fortnight import Closed
    from hagukumi.programme.deciding import Left, Wish
    from hagukumi.programme.reviewing import Renewed
    from hagukumi.reading.reviews import Line
    from hagukumi.reading.targets import Named

SHOWN = 5
"""So many decisions are shown one by one; more are counted."""
Accounts = Annotated[list[str] | None, typer.Argument(metavar="[ACCOUNT...]", help="施設の名前かキー / names or keys")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="施設の名前かキー / its name or key")]


def register(app: typer.Typer) -> None:
    """Adds `review` to `abm`."""
    group = typer.Typer(no_args_is_help=True, help="2週間ごとの見直し / the fortnightly review")
    command(group, "prepare")(prepare)
    command(group, "show")(show)
    command(group, "approve")(approve)
    command(group, "change")(change)
    command(group, "reject")(reject)
    command(group, "finish")(finish)
    command(group, "did")(did)
    app.add_typer(group, name="review")


def prepare(
    call: Call,
    anew: Annotated[bool, typer.Option("--anew", help="未決定の案を作り直す / propose anew what is undecided")] = False,
) -> None:
    """見直しを準備します。何度行っても同じです / prepares the review; done twice it is the same."""
    from hagukumi.fortnight import prepare_review, remind_review

    done = prepare_review(call.wired, anew=anew)
    assert done is not None
    remind_review(call.wired)
    if call.as_json:
        told = {"new": done.new, "waits": done.waits} | _renewed_json(call, done.renewed)
        call.answer(review_json(call, done.held.number) | told)
        return
    number = done.held.number
    if done.new:
        call.say(f"第{number}回の見直しを準備しました。", f"Review {number} is prepared.")
    elif anew:
        made, other = len(done.renewed.proposed), len(done.renewed.other)
        call.say(
            f"第{number}回の見直しで、未決定の案を{made}件作り直しました(内容が変わった案 {other}件)。",
            f"Review {number}: {made} undecided proposals were made anew; {other} of them are different now.",
        )
    else:
        call.say(f"第{number}回の見直しは準備済みです。", f"Review {number} is prepared already.")
        _say_renewed(call, done.renewed)
    if done.waits is not None:
        call.say(
            f"第{done.waits}回の期日が来ています。第{number}回を終えると準備できます。",
            f"Review {done.waits} is due; it waits until review {number} is finished.",
        )
    call.say("「hagukumi abm review show」で案をご覧ください。", "See the proposals with `hagukumi abm review show`.")


def show(
    call: Call,
    account: Annotated[
        str | None,
        typer.Argument(metavar="[ACCOUNT]", help="1施設だけを、案の根拠とともに / one of them, with its receipt"),
    ] = None,
    number: Annotated[int | None, typer.Option("--number", metavar="N", help="何回目か / which review")] = None,
) -> None:
    """見直しの案・決定・実行結果を示します / proposals, decisions and what was carried out."""
    from hagukumi.fortnight import follow_review

    about = None if account is None else facilities(call, [account])[0].id
    renewed = follow_review(call.wired)
    if not call.as_json:
        _say_renewed(call, renewed)
    if call.as_json:
        call.answer(review_json(call, number, about))
    else:
        show_review(call, number, about)


def approve(
    call: Call,
    by: ByOption,
    accounts: Accounts = None,
    every: Annotated[bool, typer.Option("--all", help="未決定のすべて / all that are undecided")] = False,
    why: WhyOption = "",
) -> None:
    """案のとおりに決めます / decides as proposed."""
    from hagukumi.programme.deciding import Wish
    from hagukumi.words.review import refused

    if bool(accounts) == every:
        raise refused("account-or-all")
    _decide(call, None if every else accounts, Wish(what="approved", by=by, why=why))


def change(
    call: Call,
    account: Account,
    by: ByOption,
    decision: Annotated[
        str | None,
        typer.Option("--decision", metavar="NAME", help="go_on | change | freeze | swap(継続・変更・凍結・入れ替え)"),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="凍結の最終日 / last day of a freeze")
    ] = None,
    other: Annotated[
        str | None, typer.Option("--with", metavar="ACCOUNT", help="代わりに入れる施設 / who comes")
    ] = None,
    play: Annotated[str | None, typer.Option("--play", metavar="NAME", help="始めるプレイ / the play to start")] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="NAME", help="経路: mail | phone | post | visit / the channel")
    ] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="NAME", help="だれに(役割) / to which role")] = None,
    act: Annotated[str | None, typer.Option("--next", metavar="ACT", help="次の一手 / the next act")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="STAFF", help="次の一手の担当 / who does it")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="次の一手の期日 / by when")] = None,
    why: WhyOption = "",
) -> None:
    """案と違うように決めます。理由が要ります / decides otherwise; it takes a reason."""
    from abm.review import ACTS, CHANNELS
    from hagukumi.programme.board import CLOSES
    from hagukumi.programme.deciding import Wish

    course = _course(call, decision, until, other, play, _known(channel, CHANNELS), role)
    last = None if due is None else call.wired.calendar.instant(read_day(due), CLOSES)
    chosen = Wish(what="changed", by=by, why=why, course=course, act=_known(act, ACTS), owner=owner, due=last)
    _decide(call, [account], chosen)


def reject(call: Call, account: Account, by: ByOption, why: WhyOption = "") -> None:
    """案を却下します。その施設には何もしません / rejects the proposal; nothing is done about the account."""
    from hagukumi.programme.deciding import Wish

    _decide(call, [account], Wish(what="rejected", by=by, why=why))


def finish(call: Call, by: ByOption) -> None:
    """決めたことを実行し、見直しを終えます。未決定があれば断ります / carries out what was decided; all has to be."""
    from hagukumi.fortnight import finish_review

    closed = finish_review(call.wired, by)
    number = closed.finished.held.number
    if call.as_json:
        call.answer(review_json(call, number) | {"resumed": closed.resumed, "audiences": _audiences(closed)})
        return
    done = [line for line in closed.finished.lines if line.item.done]
    call.say(
        f"第{number}回の見直しを終えました({len(done)}件を実行)。",
        f"Review {number} is finished; {len(done)} accounts were carried out.",
    )
    _count(call, done)
    if closed.audiences is not None and any(closed.audiences):
        joined, left = closed.audiences
        call.say(f"  広告オーディエンス: 追加 {joined}、除外 {left}", f"  Ad audiences: {joined} joined, {left} left")
    if closed.resumed is False:
        call.say(
            "Prefect の実行は再開できませんでした。見直しの結果には影響しません。",
            "Prefect's run could not be resumed. That changes nothing of the review.",
        )


def did(call: Call, account: Account, by: ByOption) -> None:
    """見直しで決めた次の一手を済ませました / the next act of an account was done."""
    from hagukumi.cli.agreeing import board_for
    from hagukumi.programme.review_tasks import did as act

    (one,) = facilities(call, [account])
    closed = act(call.wired.engine, board_for(call), one.id, by)
    if call.as_json:
        call.answer({"account": one.key, "tasks": closed})
        return
    numbers = ", ".join(f"#{number}" for number in closed)
    call.say(f"{one.name} のタスク {numbers} を完了にしました。", f"{one.name}: {numbers} done.")


def _audiences(closed: Closed) -> dict[str, int] | None:
    return None if closed.audiences is None else dict(zip(("joined", "left"), closed.audiences, strict=True))


def _count(call: Call, lines: Sequence[Line]) -> None:
    from hagukumi.words.review import OUTCOMES

    counts = Counter(_outcome(line) for line in lines)
    for code, words in OUTCOMES.items():
        if counts[code]:
            call.say(f"  {words.ja} {counts[code]}件", f"  {words.en}: {counts[code]}")


def _outcome(line: Line) -> str:
    """Of a line that was carried out: what was decided about it."""
    return "rejected" if line.item.decided is None else line.item.decided.decision


def _decide(call: Call, accounts: list[str] | None, wish: Wish) -> None:
    from hagukumi.fortnight import sight_of
    from hagukumi.programme.deciding import decide
    from hagukumi.wiring import sync_staff

    sync_staff(call.wired)
    chosen = None if accounts is None else [one.id for one in facilities(call, accounts)]
    lines, left = decide(call.wired.engine, sight_of(call.wired), chosen, wish)
    if call.as_json:
        found = review_json(call, None, {line.item.account for line in lines})
        call.answer(found | {"left": _left_json(call, left)})
    else:
        _say_decided(call, lines, left)
    if left:
        call.leave(1)


def _say_decided(call: Call, lines: Sequence[Line], left: Sequence[Left]) -> None:
    if len(lines) <= SHOWN:
        for line in lines:
            show_review(call, None, line.item.account, brief=True)
    call.say(f"{len(lines)}件を決めました。", f"{len(lines)} decided.")
    if len(lines) > SHOWN:
        _count(call, lines)
    if left:
        call.say(
            f"案のとおりに決められない{len(left)}件は、未決定のままです:",
            f"{len(left)} cannot be approved as proposed and stay undecided:",
        )
    for one in left:
        call.say(f"  {one.why.say('ja')}", f"  {one.why.say('en')}")


def _left_json(call: Call, left: Sequence[Left]) -> list[dict[str, Any]]:
    called = _called(call, [one.account for one in left])
    return [{"account": called[one.account].key, "code": one.why.code, "why": one.why.say(call.lang)} for one in left]


def _renewed_json(call: Call, renewed: Renewed) -> dict[str, list[str]]:
    called = _called(call, renewed.proposed)
    return {
        "renewed": [called[account].key for account in renewed.proposed],
        "other": [called[account].key for account in renewed.other],
    }


def _say_renewed(call: Call, renewed: Renewed) -> None:
    """Which proposals are other ones because the list, or what was decided, has changed."""
    if not renewed.other:
        return
    called = _called(call, renewed.other)
    names = [f"{called[account].name}({called[account].key})" for account in renewed.other]
    call.say(
        f"リストや決定が変わったため、案を作り直しました: {'、'.join(names)}",
        f"The list or what was decided has changed; proposed anew: {', '.join(names)}",
    )


def _called(call: Call, accounts: Sequence[int]) -> Mapping[int, Named]:
    from hagukumi.reading.targets import named
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        return named(conn, accounts)


def _course(
    call: Call, decision: str | None, until: str | None, other: str | None, play: str | None, channel: Any,
    role: str | None,
) -> Course | None:  # fmt: skip
    """The course that the options say; None where they name none: it stays as proposed."""
    from abm.review import Course
    from hagukumi.words.names import ROLES
    from hagukumi.words.review import DECISIONS, refused

    if decision is None:
        named = "swap" if other else "freeze" if until else "change" if play or channel or role else None
    else:
        said = {words.ja: code for code, words in DECISIONS.items()} | {"変更": "change"}
        named = said.get(decision.strip(), decision.strip())
        if named not in DECISIONS:
            raise refused("decision", text=decision)
    if named is None:
        return None
    come = None if other is None else facilities(call, [other])[0].id
    last = None if until is None else read_day(until)
    return Course(
        decision=cast("Decision", named), other=come, until=last, play=play, channel=channel, role=_known(role, ROLES)
    )


def _known(text: str | None, known: Any) -> Any:
    """One of these, as written. Raises NotDone for any other."""
    from hagukumi.words.review import refused

    if text is not None and text not in known:
        raise refused("choice", text=text, known=", ".join(known))
    return text
