"""From a table and what is asked of it to a model with its card. Start with `learn_table`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from hagukumi.journeys.core.values import Words
from hagukumi.words.learning import EVIDENCE, KEEP, LEFT_OUT, NOTES, refusal, say
from models.scoring.asked import Asked, Prepared, prepare, quoted
from models.scoring.cards import card_of
from models.scoring.columns import LeftOut
from models.scoring.leaks import DECIDES, Evidence, Leak, leaks
from models.scoring.learning import LEAST, NothingToLearn, TooFew, TooFewNewest, Trained, train
from models.scoring.tables import Table

SEPARATOR = Words("。", "; ")
CARRIES = 0.5
"""A column that moves the chances at least so much as the strongest one carries the model with it."""


class Learned(NamedTuple):
    """The trained model, its card (plain data), and the columns named leaks, kept or not."""

    trained: Trained
    card: dict[str, Any]
    leaks: tuple[Leak, ...]
    time: str | None = None


def learn_table(
    table: Table, asked: Asked, now: float, source: str, tell: Callable[[str], None] = lambda _: None
) -> Learned:
    """Names the leaks, leaves them out unless kept, trains and judges. now: seconds since 1970; source: for the card.

    Raises NotDone when the table cannot teach anything; nothing is stored here.
    """
    prepared = prepare(table, asked, now)
    found = prepared.asked
    _check_enough(prepared)
    tell("leaks")
    named = leaks(prepared.table, prepared.outcomes, found.outcome, found.time, ())
    gone = {leak.column for leak in named if leak.column not in found.keep}
    if found.time is not None and found.time in found.leave:
        gone.add(found.time)
    kept = prepared.table.without(gone)
    try:
        trained = train(
            kept, prepared.outcomes, split="time" if found.split == "time" else "random",
            ordered=found.ordered or found.time is not None, time=found.time if found.time in kept else None,
            keep=found.keep, tell=tell,
        )  # fmt: skip
    except TooFewNewest as few:
        newest = str(few.events), str(few.rows - few.events)
        raise refusal("outcome-few-newest", f"{few.rows:,}", *newest) from None
    except TooFew as few:
        raise refusal("outcome-few-known", str(few.events), str(few.rows - few.events), str(LEAST)) from None
    except NothingToLearn as nothing:
        raise refusal("columns-none", why_nothing(nothing.encoding.left_out, named)) from None
    marked = tuple(
        Leak(leak.column, (*leak.evidence, Evidence("kept"))) if leak.column in found.keep else leak for leak in named
    )
    tell("card")
    return Learned(trained, card_of(prepared, kept, trained, marked, source), marked, found.time)


def why(leak: Leak, lang: str) -> str:
    """The evidence as a sentence."""
    words = {each.code: say(EVIDENCE[each.code], lang, each.args) for each in leak.evidence}
    kept = words.pop("kept", "")
    return SEPARATOR.say(lang).join(words.values()) + (f" {kept}" if kept and lang == "en" else kept)


def how_to_keep(leak: Leak, lang: str) -> str:
    """What to do if it is none after all; "" for one that is kept already."""
    kept = any(each.code == "kept" for each in leak.evidence)
    return "" if kept else say(KEEP, lang, [quoted(leak.column)])


def notes(learned: Learned, lang: str) -> list[str]:
    """Rows that were not used, and a model that is too good to be true, in sentences."""
    card, found = learned.card, learned.trained.figures.auc
    columns = {"skipped": card["outcome"], "undated": learned.time or ""}
    said = [say(NOTES[key], lang, [f"{card[key]:,}", name]) for key, name in columns.items() if card[key]]
    if found > DECIDES:
        moved = card["influence"]
        carrying = [each["column"] for each in moved if each["log_odds"] >= CARRIES * moved[0]["log_odds"]]
        listed = ("、" if lang == "ja" else ", ").join(f"「{name}」" if lang == "ja" else name for name in carrying)
        said.append(say(NOTES["too_good"], lang, [f"{found:.3f}", listed]))
    return said


def why_left_out(left: LeftOut, lang: str) -> str:
    """The reason in words."""
    return say(LEFT_OUT[left.code], lang, left.args)


def why_nothing(left: tuple[LeftOut, ...], named: tuple[Leak, ...]) -> Words:
    """What became of each column, for a table of which nothing is left."""

    def said(lang: str) -> str:
        parts = [f"{each.column}: {why_left_out(each, lang)}" for each in left[:8]]
        parts += [f"{leak.column}: {why(leak, lang)}{how_to_keep(leak, lang)}" for leak in named[:8]]
        if not parts:
            return ""
        return f"({'、'.join(parts)})" if lang == "ja" else f": {'; '.join(parts)}"

    return Words(said("ja"), said("en"))


def _check_enough(prepared: Prepared) -> None:
    events = int(prepared.outcomes.sum())
    others = len(prepared.outcomes) - events
    if min(events, others) < LEAST:
        raise refusal("outcome-few", f"{events:,}", f"{others:,}", str(LEAST))
