"""What a paper knows of an account: its attributes, its theme, and the calculation for its size. Start with `facts_of`.

What is not known of an account is not made up: it is left out, or said.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from abm.intent import faults
from abm.roi import Assumption, Line, Return, RoiRules, Worked, amount, method, worked
from hagukumi.letters.context import Facility, Names, Sender, names_of_sender
from hagukumi.letters.manners import courtesy
from hagukumi.letters.rules import our_calendar
from hagukumi.papers.workplace import Workplace
from hagukumi.reading.intent import intent_at
from hagukumi.reading.signs import Asked
from hagukumi.words.papers import BASES, NEVER, NO_RESULT
from models.tables.schema import account, legal_entity

State = Literal["known", "never", "unknown", "below", "above", "none"]
"""Known: there is a result. Never: nothing is gained. Unknown: its size is not known. Below, above: of no size we
calculate for. None: there is no calculation for its kind and theme."""


class Facts(NamedTuple):
    """What is printed about one account. theme_from: the letter it goes with, its intent, else main (roi.yaml)."""

    account: int
    key: str
    facility: Facility
    owner_type: str | None
    theme: str
    theme_from: Literal["letter", "intent", "main"]
    state: State
    rule: Return | None
    worked: Worked | None


def facts_of(conn: Connection, here: Workplace, rules: RoiRules, account_id: int, theme: str | None = None) -> Facts:
    """What is known of an account as of now. theme: that of the letter it goes with; None: it goes with none."""
    a = account.c
    query = (
        select(a.key, a.name, a.kind, a.industry, a.beds, a.headcount, a.prefecture, a.owner_type,
               legal_entity.c.name.label("entity"), legal_entity.c.owner_type.label("entity_owner"))
        .outerjoin_from(account, legal_entity, a.legal_entity_id == legal_entity.c.id)
        .where(a.id == account_id)
    )  # fmt: skip
    row = conn.execute(query).one()
    facility = Facility(row.name, row.entity, row.kind, row.industry, row.beds, row.headcount, row.prefecture)
    source, about = _theme(conn, here, rules, account_id, theme)
    rule = rules.of(row.kind or "other", about)
    state, calculation = _calculated(rules, rule, facility)
    owner = row.owner_type or row.entity_owner
    return Facts(account_id, row.key, facility, owner, about, source, state, rule, calculation)


def _theme(
    conn: Connection, here: Workplace, rules: RoiRules, account_id: int, asked: str | None
) -> tuple[Literal["letter", "intent", "main"], str]:
    if asked:
        return "letter", asked
    own = _of_intent(conn, here, account_id)
    return ("intent", own) if own else ("main", rules.main_theme)


def _of_intent(conn: Connection, here: Workplace, account_id: int) -> str:
    files = here.files
    if any(faults(files.intent, None)):
        return ""
    asked = Asked(
        files.intent, here.now, our_calendar(files.defaults, files.settings.zone), files.content_themes,
        files.content_stages, files.content_names, files.themes,
    )  # fmt: skip
    return intent_at(conn, asked, account_id).intent.theme or ""


def _calculated(rules: RoiRules, rule: Return | None, facility: Facility) -> tuple[State, Worked | None]:
    if rule is None:
        return "none", None
    size = facility.beds if rule.size == "beds" else facility.headcount
    if not size:
        return "unknown", None
    if size < rule.at_least:
        return "below", None
    if size > rule.at_most:
        return "above", None
    done = worked(rules, rule, size)
    return ("known" if done.gains else "never"), done


def names_of(facts: Facts, rules: RoiRules, sender: Sender, lang: str) -> dict[str, object]:
    """The flat names that a paper may use; what is not known is not in it."""
    account_names: Names = {
        f"account__{field}": value
        for field, value in zip(Facility._fields, facts.facility, strict=True)
        if value
    }  # fmt: skip
    account_names.setdefault("account__kind", "other")
    if facts.owner_type:
        account_names["account__owner_type"] = facts.owner_type
    polite = courtesy(facts.facility.kind, facts.facility.name, lang)
    names: dict[str, object] = {**names_of_sender(sender), **account_names, "account__courtesy": polite}
    names |= {"paper__theme": facts.theme, "roi__state": facts.state}
    rule = facts.rule
    if rule is None:
        return names
    names |= {
        "roi__title": rule.title.say(lang),
        "roi__least": rule.sized(rule.at_least, lang),
        "roi__most": rule.sized(rule.at_most, lang),
        "roi__method": method(rules, rule, lang),
        "roi__left_out": [each.say(lang) for each in rule.left_out],
        "roi__examples": [(rule.sized(size, lang), *_said(worked(rules, rule, size), lang)) for size in rule.examples],
    }
    done = facts.worked
    if done is not None:
        return (
            names | _receipt(done, lang) | {"roi__assumptions": _assumed([done], lang)} | _otherwise(rules, done, lang)
        )
    return names | {"roi__assumptions": _assumed([worked(rules, rule, size) for size in rule.examples], lang)}


def _receipt(done: Worked, lang: str) -> dict[str, object]:
    words, result = _said(done, lang)
    return {
        "paper__size": done.rule.sized(done.size, lang),
        "roi__size": done.rule.sized(done.size, lang),
        "roi__result_words": words,
        "roi__result": result,
        "roi__lines": [
            (
                line.rule.label.say(lang), done.printed(line, lang), _sign(line),
                NO_RESULT.say(lang) if line.value is None else amount(line.value, line.rule.unit, lang),
            )
            for line in done.lines
        ],
    }  # fmt: skip


def _sign(line: Line) -> str:
    return "" if line.value is None else "＝" if line.exact else "≒"


def _assumed(calculations: Sequence[Worked], lang: str) -> list[tuple[str, ...]]:
    """Each assumption with its value, or the values it has for examples of several sizes; last why it holds there."""
    found: dict[Assumption, dict[str, None]] = {}
    holding = {each: None for done in calculations for each in done.rule.holds if done.size > each.above}
    for done in calculations:
        for each, value in done.used:
            found.setdefault(each, {})[amount(value, each.unit, lang)] = None
    rows: list[tuple[str, ...]] = [
        (
            each.label.say(lang), " / ".join(values), BASES[each.basis].say(lang), each.source.say(lang),
            f"{each.as_of:%Y-%m}",
        )
        for each, values in found.items()
    ]  # fmt: skip
    agreed = BASES["agree"].say(lang)
    rows += [(each.assumed.say(lang), "", agreed, each.source.say(lang), f"{each.as_of:%Y-%m}") for each in holding]
    return rows


def _otherwise(rules: RoiRules, done: Worked, lang: str) -> dict[str, object]:
    vary = done.rule.vary
    assumed = None if vary is None else rules.assumed(vary.assumption)
    if vary is None or assumed is None:
        return {"roi__others": []}
    tried: list[tuple[str, str]] = []
    for value in vary.values:
        other = worked(rules, done.rule, done.size, {vary.assumption: value})
        tried.append((amount(Decimal(value), assumed.unit, lang), _said(other, lang)[1]))
    return {"roi__varied": assumed.label.say(lang), "roi__others": tried}


def _said(done: Worked, lang: str) -> tuple[str, str]:
    """What the result is called, and the result."""
    result = done.result
    if not done.gains or result.value is None:
        return result.rule.label.say(lang), (done.rule.never if done.rule.never.ja else NEVER).say(lang)
    return result.rule.label.say(lang), amount(result.value, result.rule.unit, lang)
