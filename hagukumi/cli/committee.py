"""abm coverage, role, path and budget: who decides at an account, as sales knows it, and who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.agreeing import AccountArgument, ByOption, WhyOption, board_for, facilities
from hagukumi.cli.frame import Call
from hagukumi.cli.reading import PERSON_HELP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from abm.committee import Seat, Step
    from hagukumi.pipeline.roles import Role
    from hagukumi.reading.coverage import Coverage, Covered
    from hagukumi.reading.people import Who

CLEAR_HELP = "取り消す(分からない状態に戻す) / not known any more"


def coverage(
    call: Call,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar="[ACCOUNT...]", help="施設の名前かキー(省略するとリストのすべて)")
    ] = None,
) -> None:
    """決裁に関わる方と、まだ分からないことを示します / committees of target accounts, and what is missing."""
    from hagukumi.reading.accounts import find_account
    from hagukumi.reading.coverage import coverage as read
    from hagukumi.reading.targets import read_targets
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        wanted = [find_account(conn, text).id for text in accounts or ()]
        found = read(conn, wanted or list(read_targets(conn).standing), call.wired.files.roles)
    if call.as_json:
        call.answer([covered_json(call, found, one) for one in found.accounts])
        return
    for one in found.accounts:
        call.say(one.called.full, one.called.full)
        show_committee(call, found.people, one)
    _foot(call, found)


def role(
    call: Call,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=PERSON_HELP)],
    by: ByOption,
    roles: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ROLE...]", help="役割(決裁者・推進者など) / decision_maker, champion, …"),
    ] = None,
    why: WhyOption = "",
    back: Annotated[
        bool,
        typer.Option(
            "--take-back",
            help="営業の入れた役割を取り消す(役割を書けばそれだけ) / take sales' word back, of these roles or all",
        ),
    ] = False,
) -> None:
    """ひとりの方の役割を、営業が決めます(決まりや一覧より優先) / sales' word about somebody's roles; it wins."""
    from hagukumi.programme.seating import Said, give_roles, take_back
    from hagukumi.reading.people import find_person, read_people
    from hagukumi.ticking import react_now
    from hagukumi.words.names import ROLES, name_of
    from models.tables.engine import begin_read

    at, rules = board_for(call), call.wired.files.roles
    with begin_read(call.wired.engine) as conn:
        who = find_person(conn, person)
        key = read_people(conn, [who])[who].key
    named = [_role(text) for text in roles or ()]
    if back:
        did = take_back(call.wired.engine, at, who, Said(by, why), rules, named)
    else:
        did = give_roles(call.wired.engine, at, who, named, Said(by, why), rules)
    # Journeys that ask for the role hear of it now, not with the next minute.
    react_now(call.wired)
    if call.as_json:
        call.answer({"person": key, "roles": list(did.roles), "before": list(did.before), "role": did.main})
        return
    between = "・" if call.lang == "ja" else ", "
    said = between.join(name_of(ROLES, each, call.lang) for each in did.roles)
    main = name_of(ROLES, did.main, call.lang) or "-"
    if back:
        call.say(
            f"営業の入れた役割を取り消しました。いまの役割: {main}", f"Sales' word is taken back. The role now: {main}"
        )
    else:
        call.say(
            f"役割を記録しました: {said}(メールやシナリオでは「{main}」として扱います)",
            f"Kept: {said} (letters and scenarios take them for {main})",
        )


def path(
    call: Call,
    account: AccountArgument,
    steps: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STEP...]", help="人(アドレス・key:…)・役割・言葉(稟議、理事会) / people, roles, words"
        ),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="STAFF", help="行う方のキー(staff.yaml)")] = None,
    why: WhyOption = "",
    clear: Annotated[bool, typer.Option("--clear", help=CLEAR_HELP)] = False,
) -> None:
    """決裁の経路を、順に記録します(例: 事務長のアドレス 稟議 理事会) / the way a decision takes, step by step."""
    from hagukumi.programme.seating import Said, set_path

    _either(clear, steps or ())
    (place,) = facilities(call, [account])
    if steps or clear:
        at = board_for(call)
        made = [] if clear else [_step(call, place.id, text) for text in steps or ()]
        set_path(call.wired.engine, at, place.id, made, Said(_by(by), why))
    _tell(call, place.id)


def budget(
    call: Call,
    account: AccountArgument,
    month: Annotated[str | None, typer.Argument(metavar="[MONTH]", help="予算を決める月(4月) / month, as 4")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="STAFF", help="行う方のキー(staff.yaml)")] = None,
    why: WhyOption = "",
    clear: Annotated[bool, typer.Option("--clear", help=CLEAR_HELP)] = False,
) -> None:
    """予算を決める月を記録します / the month in which they make their budget."""
    from hagukumi.programme.seating import Said, set_budget_month

    _either(clear, () if month is None else (month,))
    (place,) = facilities(call, [account])
    if month is not None or clear:
        at = board_for(call)
        number = None if clear or month is None else _month(month)
        set_budget_month(call.wired.engine, at, place.id, number, Said(_by(by), why))
    _tell(call, place.id)


def _either(clear: bool, words: Sequence[str]) -> None:
    """Taking all away and saying something new are two acts."""
    from hagukumi.words.committee import refused

    if clear and words:
        raise refused("clear-beside", text=" ".join(words))


def _by(by: str | None) -> str:
    from hagukumi.words.committee import refused

    if by is None:
        raise refused("committee-by")
    return by


def _tell(call: Call, account: int) -> None:
    """The account's committee as it is now."""
    from hagukumi.reading.coverage import coverage as read
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        found = read(conn, [account], call.wired.files.roles)
    (one,) = found.accounts
    if call.as_json:
        call.answer(covered_json(call, found, one))
        return
    call.say(one.called.full, one.called.full)
    show_committee(call, found.people, one)


def _role(text: str) -> Role:
    from hagukumi.words.committee import refused

    found = known_role(text)
    if found is None:
        raise refused("role-unknown", text=text, known=_all_roles())
    return found


def known_role(text: str) -> Role | None:
    """The role of this code or name, in either language."""
    from abm.committee import WEIGHT
    from hagukumi.words.names import ROLES

    flat = text.strip().casefold().replace("-", "_")
    for each in WEIGHT:
        words = ROLES[each]
        if flat in (each, words.ja, words.en.casefold().replace("-", "_")):
            return each
    return None


def _all_roles() -> str:
    from abm.committee import WEIGHT
    from hagukumi.words.names import ROLES

    return ", ".join(f"{each}({ROLES[each].ja})" for each in WEIGHT)


def _step(call: Call, account: int, text: str) -> Step:
    """A person of the facility, a role, or what people call the step."""
    from sqlalchemy import select

    from abm.committee import Step
    from hagukumi.reading.people import KEY, find_person
    from hagukumi.words.committee import refused
    from models.tables.engine import begin_read
    from models.tables.schema import person

    if (found := known_role(text)) is not None:
        return Step(role=found)
    if "@" not in text and not text.startswith(KEY):
        return Step(text=text.strip())
    with begin_read(call.wired.engine) as conn:
        who = find_person(conn, text)
        if conn.scalar(select(person.c.account_id).where(person.c.id == who)) != account:
            raise refused("not-there", text=text)
    return Step(person=who)


def _month(text: str) -> int:
    import unicodedata

    from hagukumi.words.committee import refused
    from hagukumi.words.dates import MONTHS_EN

    flat = unicodedata.normalize("NFKC", text).strip().removesuffix("月").strip()
    if flat.isascii() and flat.isdigit() and 1 <= int(flat) <= len(MONTHS_EN):
        return int(flat)
    months = [name.casefold() for name in MONTHS_EN]
    if len(flat) >= len(months[0]) and flat.casefold()[:3] in months:
        return months.index(flat.casefold()[:3]) + 1
    raise refused("month", text=text)


def say_month(month: int | None, lang: str) -> str:
    """4月, Apr."""
    from hagukumi.words.dates import MONTHS_EN

    if month is None:
        return "-"
    return f"{month}月" if lang == "ja" else MONTHS_EN[month - 1]


def show_committee(call: Call, people: Mapping[int, Who], one: Covered) -> None:
    """Seats with where each role comes from, the path, and what is missing with its task."""
    from hagukumi.words.committee import GAPS, SOURCES
    from hagukumi.words.names import ROLES

    lang, found = call.lang, one.committee
    for seat in found.seats:
        source = SOURCES[seat.source].say(lang)
        line = f"    {ROLES[seat.role].say(lang)}  {_named(people, seat.person)}  [{source}]{_reason(call, seat)}"
        call.say(line, line)
    if found.path:
        way = " → ".join(say_step(call, people, step) for step in found.path)
        call.say(f"    決裁の経路: {way}", f"    Decision path: {way}")
    if found.budget_month is not None:
        month = say_month(found.budget_month, lang)
        call.say(f"    予算の月: {month}", f"    Budget month: {month}")
    for some in found.doubled:
        _show_double(call, [people[each] for each in some])
    for gap in found.missing:
        words, task = GAPS[gap], one.asked.get(gap)
        ja = en = ""
        if task is not None:
            due = "-" if task.due is None else call.day(task.due)
            ja = f"(依頼 #{task.task} {task.owner_name or '担当未定'} {due}まで)"
            en = f" (task #{task.task}, {task.owner_name or 'nobody yet'}, until {due})"
        call.say(f"  ! {words.ja}{ja}", f"  ! {words.en}{en}")


def _show_double(call: Call, some: Sequence[Who]) -> None:
    """Told once: who it is, and how to say that they are two."""
    called = " ".join(part for part in (some[0].name, some[0].title) if part)
    keys = [f"key:{each.key}" for each in some]
    ja = f"  ? {called}: 同じ名前と肩書きの記録が{len(some)}件あり、おひとりとして数えています({'、'.join(keys)})。"
    en = f"  ? {called}: {len(some)} records of that name and title, counted as one ({', '.join(keys)})."
    call.say(
        f"{ja}\n    別の方なら、それぞれに: hagukumi abm role {keys[0]} 役割 --by 担当 --why 同姓同名の別の方",
        f'{en}\n    If they are two, say so for each: hagukumi abm role {keys[0]} ROLE --by STAFF --why "namesakes"',
    )


def _reason(call: Call, seat: Seat) -> str:
    said = "" if seat.why is None else f"  {seat.why.say(call.lang)}"
    return said if seat.at is None else f"{said}({call.day(seat.at)})"


def _named(people: Mapping[int, Who], person: int) -> str:
    who = people.get(person)
    if who is None:
        return "-"
    return " ".join(part for part in (who.name or who.email or who.key, who.title) if part)


def say_step(call: Call, people: Mapping[int, Who], step: Step) -> str:
    """A step of the path as people call it."""
    from hagukumi.words.names import ROLES

    if step.person is not None:
        return _named(people, step.person)
    return step.text or (ROLES[step.role].say(call.lang) if step.role is not None else "-")


def covered_json(call: Call, found: Coverage, one: Covered) -> dict[str, Any]:
    """The stable keys of `abm coverage --json`."""
    from hagukumi.words.dates import iso

    def who(number: int | None) -> dict[str, Any]:
        person = found.people.get(number or 0)
        return {"person": person and person.key, "name": person and (person.name or None)}

    return {
        "account": one.called.key,
        "name": one.called.name,
        "committee": [
            {
                **who(seat.person),
                "title": found.people[seat.person].title,
                "role": seat.role,
                "source": seat.source,
                "why": None if seat.why is None else seat.why.say(call.lang),
                "at": iso(seat.at, call.zone),
            }
            for seat in one.committee.seats
        ],
        "path": [{**who(step.person), "role": step.role, "text": step.text or None} for step in one.committee.path],
        "budget_month": one.committee.budget_month,
        "doubled": [[found.people[each].key for each in some] for some in one.committee.doubled],
        "missing": list(one.committee.missing),
        "tasks": [
            {
                "gap": gap,
                "task": task.task,
                "since": iso(task.since, call.zone),
                "due": iso(task.due, call.zone),
                "owner": task.owner,
            }
            for gap, task in one.asked.items()
        ],
    }


def _foot(call: Call, found: Coverage) -> None:
    from collections import Counter

    from abm.committee import GAPS as ORDER
    from hagukumi.words.committee import GAPS

    counted = Counter(gap for one in found.accounts for gap in one.committee.missing)
    for gap in ORDER:
        if counted[gap]:
            call.say(f"{counted[gap]:>4}件  {GAPS[gap].ja}", f"{counted[gap]:>4}  {GAPS[gap].en}")
    call.say(f"{len(found.accounts)}件を確認", f"{len(found.accounts)} accounts looked at")
