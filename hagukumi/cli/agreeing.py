"""abm propose, nominate, draft, tier and sign: how marketing and sales agree upon the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call
from hagukumi.cli.targets import fit_reason, points, until

if TYPE_CHECKING:
    from abm.drafting import Place
    from abm.target_list import Signature
    from hagukumi.programme.board import Board
    from hagukumi.programme.listing import Drafted
    from hagukumi.reading.accounts import Facility

ByOption = Annotated[
    str, typer.Option("--by", metavar="STAFF", help="行う方のキー(staff.yaml) / key of who does it, of staff.yaml")
]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="理由 / why")]
AccountArgument = Annotated[str, typer.Argument(metavar="ACCOUNT", help="施設の名前かキー / its name or key")]


def board_for(call: Call) -> Board:
    """The board as of now, with staff.yaml brought into the table: acts need to know who does them."""
    from hagukumi.wiring import board, sync_staff

    sync_staff(call.wired)
    return board(call.wired)


def facilities(call: Call, given: list[str]) -> list[Facility]:
    """The facilities people name. Raises NotDone for the first nobody knows."""
    from hagukumi.reading.accounts import find_account
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        return [find_account(conn, text) for text in given]


def propose(call: Call, by: ByOption) -> None:
    """マーケティングが、当てはまる施設を優先度の順に提案します / marketing proposes those that fit, by priority."""
    from hagukumi.programme.acts import propose as act

    did = act(call.wired.engine, board_for(call), by)
    number = len(did.targets.proposed)
    new = sum(each.what == "proposed" for each in did.events)
    gone = sum(each.what == "withdrawn" for each in did.events)
    if call.as_json:
        call.answer({"proposed": number, "changed": new, "withdrawn": gone})
        return
    call.say(
        f"{number}件を提案しました(新規・変更 {new}件、取り下げ {gone}件)。"
        "次は、FSの方が「hagukumi abm nominate」で指名します。",
        f"{number} are proposed ({new} new or changed, {gone} withdrawn). "
        "Next, field sales names accounts with `hagukumi abm nominate`.",
    )


def nominate(
    call: Call,
    accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT...", help="施設の名前かキー / names or keys")],
    by: ByOption,
    back: Annotated[bool, typer.Option("--take-back", help="指名を取り消す / take these back")] = False,
) -> None:
    """FSが、自分の推す施設を指名します / field sales names the accounts it wants."""
    from hagukumi.programme.acts import nominate as act

    at = board_for(call)
    wanted = [one.id for one in facilities(call, accounts)]
    did = act(call.wired.engine, at, wanted, by, take_back=back)
    staff = next((each.by for each in did.events if each.by is not None), None)
    mine = None if staff is None else len(did.targets.names_of(staff))
    if call.as_json:
        call.answer({"changed": len(did.events), "named": mine, "of": at.rules.nominations})
    elif mine is None:
        call.say("すべて指名済みです。何も変えていません。", "All were named already. Nothing was changed.")
    else:
        call.say(
            f"{len(did.events)}件の指名を{'取り消しました' if back else '記録しました'}"
            f"(この方の指名 {mine}件、上限 {at.rules.nominations}件)。",
            f"{len(did.events)} {'taken back' if back else 'named'}; {mine} of {at.rules.nominations} are used.",
        )


def draft(call: Call) -> None:
    """いま署名すると決まるリストを、ティアと理由つきで示します / the list as it would be signed now, and why."""
    from hagukumi.programme.listing import the_draft
    from models.tables.engine import begin_read

    at = board_for(call)
    with begin_read(call.wired.engine) as conn:
        found = the_draft(conn, at)
    if call.as_json:
        call.answer(_draft_json(call, found))
    else:
        _show(call, at, found)


def tier(
    call: Call,
    account: AccountArgument,
    number: Annotated[int, typer.Argument(metavar="N", help="ティア(0: 案から外す) / its tier, 0: not in the draft")],
    by: ByOption,
    why: WhyOption = "",
    other: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="ACCOUNT",
            help="合意したリストで、この施設とティアを入れ替える / on the agreed list, for this one",
        ),
    ] = None,
) -> None:
    """施設のティアを、案の中で手で決めます / sets an account's tier in the draft; --for: on the agreed list."""
    from hagukumi.programme.acts import move, pick

    at = board_for(call)
    if other is not None:
        here, there = facilities(call, [account, other])
        did = move(call.wired.engine, at, (here.id, there.id), number, by, why)
        back = did.events[1].tier
        if call.as_json:
            call.answer({"account": here.key, "tier": number, "for": there.key, "its_tier": back})
            return
        call.say(
            f"{here.name} をティア{number}に、{there.name} をティア{back}にしました。",
            f"{here.name} is in tier {number} now, {there.name} in tier {back}.",
        )
        return
    (one,) = facilities(call, [account])
    pick(call.wired.engine, at, one.id, number, by, why)
    if call.as_json:
        call.answer({"account": one.key, "tier": number})
    elif number:
        call.say(f"{one.name} を、案でティア{number}にしました。", f"{one.name} is in tier {number} of the draft.")
    else:
        call.say(f"{one.name} を案から外しました。", f"{one.name} is not in the draft any more.")


def sign(
    call: Call,
    by: ByOption,
    code: Annotated[
        str | None, typer.Option("--draft", metavar="CODE", help="確かめた案の番号 / code of the draft you looked at")
    ] = None,
) -> None:
    """案に署名します。両者が同じ案に署名すると合意です / signs the draft; agreed when both sides have."""
    from hagukumi.programme.acts import agree

    done = agree(call.wired.engine, board_for(call), by, code)
    until_ = done.did.targets.locked_until if done.agreed else None
    if call.as_json:
        from hagukumi.words.dates import iso

        call.answer(
            {
                "draft": done.draft.code,
                "side": done.side,
                "agreed": done.agreed,
                "locked_until": iso(until_, call.zone),
                "other_signed_another": done.void,
            }
        )
        return
    if until_ is not None:
        call.say(
            f"合意しました。リストは{until(call, until_)}まで固定です。「hagukumi abm list」で確認できます。",
            f"Agreed. The list stands until {until(call, until_)}; see `hagukumi abm list`.",
        )
        return
    call.say(
        f"案 {done.draft.code} に署名しました。相手方が同じ案に署名すると合意です。",
        f"Draft {done.draft.code} is signed. It is agreed when the other side signs the same one.",
    )
    if done.void:
        call.say(
            "相手方が署名した後に案が変わっています。相手方にも署名し直してもらってください。",
            "The draft has changed since the other side signed it; they have to sign again.",
        )


def _draft_json(call: Call, found: Drafted) -> dict[str, Any]:
    from hagukumi.words.dates import iso

    def said(one: Place) -> dict[str, Any]:
        return {
            "account": found.called[one.account].key,
            "name": found.called[one.account].name,
            "tier": one.tier,
            "fit": one.tenths / 10,
            "priority": found.ranks[one.account] / 10 if one.account in found.ranks else None,
            "score": one.score / 10,
            "named_by": [found.staff[each][0] for each in one.named],
            "stands": one.stands,
            "locked": one.locked,
            "by_hand": one.picked,
            "reasons": _why(call, found, one),
        }

    made = found.draft
    return {
        "draft": made.code,
        "round": found.targets.round,
        "accounts": [said(one) for one in made.places],
        "spare": [said(one) for one in made.spare],
        "left_out": [found.called[each].key for each in made.left_out],
        "vetoed": [{"account": found.called[each].key, "veto": veto} for each, veto in made.vetoed],
        "leaving": [found.called[each].key for each in made.leaving],
        "signed": {
            side: {
                "by": found.staff[one.by][0],
                "at": iso(one.at, call.zone),
                "same_draft": one.digest == made.digest,
            }
            for side, one in found.targets.signed.items()
        },
    }


def _why(call: Call, found: Drafted, one: Place) -> list[str]:
    from hagukumi.words.programme import say_reason

    lang = call.lang
    said = [fit_reason(call, found.fits[one.account])]
    if one.account in found.ranks:
        said.insert(0, say_reason("priority_now", lang, points=points(found.ranks[one.account])))
    if one.named:
        names = ("、" if lang == "ja" else ", ").join(found.staff[each][1] for each in one.named)
        said.append(say_reason("named", lang, names=names))
    if one.stands:
        said.append(say_reason("stands", lang))
    lock = found.targets.standing[one.account].locked_until if one.locked else None
    if lock is not None:
        said.append(say_reason("locked", lang, until=until(call, lock)))
    if one.picked:
        said.append(say_reason("picked", lang))
    return said


def _show(call: Call, at: Board, found: Drafted) -> None:
    made, tier = found.draft, 0
    between = "、" if call.lang == "ja" else ", "
    for one in made.places:
        if one.tier != tier:
            tier = one.tier
            call.say(f"ティア{tier}", f"Tier {tier}")
        why = between.join(_why(call, found, one))
        line = f"  {points(one.score):>5}  {found.called[one.account].full}  {why}"
        call.say(line, line)
    _beside(call, found)
    number = len(made.places)
    call.say(
        f"案 {made.code}: {at.rules.size}件中{number}件、次点{len(made.spare)}件",
        f"Draft {made.code}: {number} of {at.rules.size}, {len(made.spare)} to spare",
    )
    for side, signed in found.targets.signed.items():
        _signed(call, found, side, signed, same=signed.digest == made.digest)


def _beside(call: Call, found: Drafted) -> None:
    """What is not in the draft, and why."""
    from hagukumi.words.abm import VETOES

    made = found.draft
    for account, veto in made.vetoed:
        name, why = found.called[account].full, VETOES[veto]
        call.say(f"載せられません: {name}({why.ja})", f"Cannot stand: {name} ({why.en})")
    for account in made.left_out:
        name = found.called[account].full
        call.say(f"手で外しました: {name}", f"Left out by hand: {name}")
    for account in made.leaving:
        name = found.called[account].full
        call.say(f"いまのリストから外れます: {name}", f"Would leave the list: {name}")


def _signed(call: Call, found: Drafted, side: str, signed: Signature, *, same: bool) -> None:
    from hagukumi.words.programme import SIDE

    name = f"{found.staff[signed.by][1]} {call.day(signed.at)}"
    call.say(
        f"{SIDE[side].ja}: {name} {'署名済み' if same else '別の案に署名(署名し直しが必要)'}",
        f"{SIDE[side].en}: {name} {'has signed' if same else 'signed another draft and has to sign again'}",
    )
