"""abm companies: companies of lists that nobody has recognised, and what people say of them. Start with `companies`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.agreeing import WhyOption
from hagukumi.cli.frame import Call
from hagukumi.cli.signals import show_line
from hagukumi.cli.wrong import WrongCall
from hagukumi.journeys.core.values import Words
from hagukumi.words.dates import iso, say_day

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hagukumi.channels.imports.companies import Waiting
    from hagukumi.channels.imports.company_words import What, Word


def companies(
    call: Call,
    number: Annotated[int | None, typer.Argument(metavar="N", help="会社の番号 / its number")] = None,
    is_: Annotated[
        str | None, typer.Option("--is", metavar="ACCOUNT", help="この施設です / it is this facility")
    ] = None,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="対象外です / nobody we want to know of")] = False,
    new: Annotated[bool, typer.Option("--new", help="新しい施設として登録します / make a facility of it")] = False,
    by: Annotated[
        str | None, typer.Option("--by", metavar="STAFF", help="決める方のキー / key of who says so, of staff.yaml")
    ] = None,
    why: WhyOption = "",
    every: Annotated[bool, typer.Option("--all", help="決めたものも示します / show decided ones, too")] = False,
) -> None:
    """一覧に出てきた未登録の会社を示し、どの施設かを決めます / companies of lists that nobody has recognised."""
    from hagukumi.channels.imports.companies import open_companies
    from hagukumi.channels.imports.company_words import words_of
    from models.tables.engine import begin_read

    if number is None:
        if is_ is not None or dismiss or new:
            raise WrongCall(Words("会社の番号を指定してください。", "Give the company's number."))
        with begin_read(call.engine) as conn:
            found = open_companies(conn, decided=every)
            words = words_of(conn, [each.id for each in found])
        if call.as_json:
            call.answer([_company(call, each, words.get(each.id, ())) for each in found])
        else:
            _show_companies(call, found, words)
        return
    if (is_ is not None) + dismiss + new != 1 or every:
        raise WrongCall(
            Words(
                "--is ACCOUNT・--new・--dismiss のどれか一つを指定してください。",
                "Say one of --is ACCOUNT, --new, --dismiss.",
            )
        )
    if by is None:
        raise WrongCall(Words("だれが決めるか(--by)を指定してください。", "Say who says so (--by)."))
    _decide(call, number, is_, new, (by, why))


def _decide(call: Call, number: int, is_: str | None, new: bool, whose: tuple[str, str]) -> None:
    """whose: the key of who says so, and why."""
    from hagukumi.channels.imports.companies import decide
    from hagukumi.channels.imports.company_words import Said, note
    from hagukumi.channels.imports.founding import found
    from hagukumi.channels.imports.sums import settle
    from hagukumi.database import identity
    from hagukumi.files import read_files
    from hagukumi.programme.asking import sound_rules
    from hagukumi.programme.board import speaks_for
    from hagukumi.reading.accounts import find_account
    from hagukumi.wiring import sync_staff
    from hagukumi.words.abm import refusal
    from models.tables.engine import begin_write

    files = read_files(call.workspace)
    rules = sound_rules(files)
    sync_staff(call.wired)
    by, why = whose
    with begin_write(call.engine) as conn:
        who, _ = speaks_for(conn, by, "marketing", "sales")
        ours = identity(conn)
        before = _before(call, conn, number, why)
        place = None if is_ is None else find_account(conn, is_)
        made = found(conn, number, files.ng, by, ours.secret, ours.now) if new else None
        known = made or place
        if made is None and not decide(conn, number, None if place is None else place.id, by):
            raise refusal("intent-company", str(number))
        what: What = "dismissed" if known is None else "new" if new else "is"
        note(conn, number, Said(who, ours.now, what, None if known is None else known.id, why))
    settle(call.engine, rules)
    if call.as_json:
        told = None if before is None else _word_json(call, before)
        call.answer({"company": number, "account": None if known is None else known.key, "by": by, "before": told})
        return
    if made is not None:
        call.say(
            f"{number}番を新しい施設「{made.name}」({made.key})として登録しました。"
            "当てはまりは「hagukumi abm candidates」でご覧いただけます。",
            f"Company {number} is a facility of ours now: {made.name} ({made.key}). "
            "`hagukumi abm candidates` says how well it fits.",
        )
    elif place is not None:
        call.say(f"{number}番は{place.name}として数えます。", f"Company {number} counts as {place.name}.")
    else:
        call.say(f"{number}番は対象外にしました。", f"Company {number} is left out.")
    if before is not None:
        ja, en = (f"{_about(before, lang)}{_signed(call, before, lang)}" for lang in ("ja", "en"))
        call.say(f"これまでの決定: {ja}", f"The word before: {en}")


def _before(call: Call, conn: Connection, number: int, why: str) -> Word | None:
    """The word that counts so far; another takes its place with a reason only. Raises NotDone without."""
    from hagukumi.channels.imports.company_words import last_word
    from hagukumi.words.abm import refusal

    before = last_word(conn, number)
    if before is not None and not why.strip():
        ja, en = (f"{_about(before, lang)}{_signed(call, before, lang)}" for lang in ("ja", "en"))
        raise refusal("intent-company-said", str(number), Words(ja, en))
    return before


def _about(one: Word, lang: str) -> str:
    """What somebody said of a company: which facility it is, or that it is left out."""
    if one.account is None:
        return "対象外" if lang == "ja" else "left out"
    key, name = one.account
    return f"{name}({key})" if lang == "ja" else f"{name} ({key})"


def _signed(call: Call, one: Word, lang: str) -> str:
    """Who said it, when and why."""
    day = "" if one.at is None else f" {say_day(one.at.astimezone(call.zone).date(), lang, year=True)}"
    return f" [{one.name}{day}]" + (f" — {one.why}" if one.why else "")


def _word_json(call: Call, one: Word) -> dict[str, Any]:
    return {
        "what": one.what,
        "account": None if one.account is None else one.account[0],
        "by": one.by,
        "by_name": one.name,
        "at": iso(one.at, call.zone),
        "why": one.why,
    }


def _company(call: Call, each: Waiting, words: Sequence[Word]) -> dict[str, Any]:
    return {
        "company": each.id,
        "name": each.name,
        "number": each.number,
        "domain": each.domain,
        "prefecture": each.prefecture,
        "state": each.state,
        "rows": each.rows,
        "maybe": each.maybe[0] if each.maybe else None,
        "why": [code for code, *_ in each.why],
        "account": each.account[0] if each.account else None,
        "words": [_word_json(call, one) for one in words],
    }


def _show_companies(call: Call, found: Sequence[Waiting], words: Mapping[int, Sequence[Word]]) -> None:
    if not found:
        call.say("確かめる会社はありません。", "There is no company to look at.")
    for each in found:
        said = " ".join(filter(None, (each.name, each.number, each.domain, each.prefecture)))
        last = words.get(each.id, ())[-1:]
        ja, en = (" ".join(_signed(call, one, lang) for one in last) for lang in ("ja", "en"))
        if each.state == "dismissed":
            call.say(
                f"  {each.id}  {said}  {each.rows:,}行  対象外{ja}",
                f"  {each.id}  {said}  {each.rows:,} rows  left out{en}",
            )
        elif each.account is not None:
            key, name = each.account
            call.say(
                f"  {each.id}  {said}  {each.rows:,}行  → {name}({key}){ja}",
                f"  {each.id}  {said}  {each.rows:,} rows  → {name} ({key}){en}",
            )
        else:
            show_line(call, each.id, said, each.rows, each.maybe, each.why)
