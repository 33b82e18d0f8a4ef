"""Checks of names: ids, letters, content, scenarios. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from hagukumi.journeys.language.binder import Path
from hagukumi.journeys.language.meaning.reading import Reading, parts
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.language.tree import letters_of, repeats_of_posts, repeats_of_sends, walk
from hagukumi.journeys.language.vocabulary import Letter
from hagukumi.journeys.steps.advertise import Advertise
from hagukumi.journeys.steps.base import Kind
from hagukumi.journeys.steps.call import Call
from hagukumi.journeys.steps.conditions import Did, Grade, Holds, ThemeScore
from hagukumi.journeys.steps.invite import Invite
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED, VISIT_RESULTS
from hagukumi.journeys.steps.post import Post
from hagukumi.journeys.steps.repeat import Repeat
from hagukumi.journeys.steps.send import Send
from hagukumi.journeys.steps.test import Test

OUTCOMES = NOT_REACHED | CONVERSATIONS


def named(reading: Reading) -> Iterator[tuple[str, Kind, Path]]:
    """Every written id, its step and the place of the id."""
    for step, _ in walk(reading.scenario.steps):
        match step:
            case Test():
                yield step.test.id, step, reading.path(step, "test", "id")
            case Repeat():
                yield step.repeat.id, step, reading.path(step, "repeat", "id")
            case _:
                id_ = getattr(step, "id", "")
                if id_:
                    yield id_, step, reading.path(step, "id")


def check_ids(reading: Reading) -> None:
    """Ids are unique."""
    seen: dict[str, Path] = {}
    for id_, _, path in named(reading):
        if id_ and id_ in seen:
            reading.tell("id.duplicate", path, name=id_, line=reading.loaded.marks.at(seen[id_]).line)
        seen.setdefault(id_, path)


def check_letters(reading: Reading) -> None:
    """Letters, their languages, persona and variants exist."""
    known = reading.workspace.letters
    if known is None:
        return
    for step, _ in walk(reading.scenario.steps):
        for name, path in _letters_at(reading, step):
            letter = known.get(name)
            if letter is None:
                reading.tell("letter.missing", path, name=name, near=nearest(name, sorted(known)))
            else:
                _check_letter(reading, step, name, letter, path)


def _letters_at(reading: Reading, step: Kind) -> list[tuple[str, Path]]:
    """The letters a step names, each with its place."""
    match step:
        case Send() if len(step.send) > 1:
            return [(name, reading.path(step, "send", n)) for n, name in enumerate(step.send)]
        case Invite():
            return [(step.letter, reading.path(step, "letter"))]
        case Send() | Post():
            return [(name, reading.path(step, step.word)) for name in letters_of(step)]
        case _:
            return []


def _check_letter(reading: Reading, step: Kind, name: str, letter: Letter, path: Path) -> None:
    for language in reading.workspace.languages:
        if language not in letter.languages:
            reading.tell("letter.language_missing", path, name=name, language=language)
    if isinstance(step, Send | Invite):
        _check_mail(reading, step, name, letter, path)
    elif letter.klass != "post":
        reading.tell("post.not_a_letter_by_post", path, name=name, sheet=letter.klass)
    if isinstance(step, Invite) and letter.webinar != step.invite and _is_known(reading, step.invite):
        sheet = letter.webinar or "-"
        reading.tell("invite.other_webinar", path, name=name, webinar=step.invite, sheet=sheet)


def _is_known(reading: Reading, webinar: str) -> bool:
    return reading.workspace.webinars is None or webinar in reading.workspace.webinars


def check_webinars(reading: Reading) -> None:
    """Webinars exist, and papers that are enclosed."""
    known, papers = reading.workspace.webinars, reading.workspace.papers
    for step, _ in walk(reading.scenario.steps):
        enclosed = step.enclose if isinstance(step, Post) and papers is not None else ()
        for n, name in enumerate(enclosed):
            if name not in (papers or ()):
                path = reading.path(step, "enclose", n) if len(enclosed) > 1 else reading.path(step, "enclose")
                near = nearest(name, sorted(papers or ()))
                reading.tell("post.unknown_paper", path, name=name, near=near)
        asked = step.invite if isinstance(step, Invite) else step.webinar if isinstance(step, Call) else None
        if known is not None and asked is not None and asked not in known:
            path = reading.path(step, "invite" if isinstance(step, Invite) else "webinar")
            reading.tell("invite.unknown", path, name=asked, near=nearest(asked, sorted(known)))


def _check_mail(reading: Reading, step: Send | Invite, name: str, letter: Letter, path: Path) -> None:
    if step.subject is not None and step.subject not in letter.variants:
        near = nearest(step.subject, sorted(letter.variants))
        variants = ", ".join(sorted(letter.variants)) or "-"
        where = reading.path(step, "subject")
        reading.tell("letter.variant_missing", where, name=name, variant=step.subject, variants=variants, near=near)
    in_play = reading.scenario.for_ == "account" and step.class_ == "nurture"
    written = "play" if in_play else step.class_
    # Standing pieces of nurture may be used in a play as well.
    if written != letter.klass and not (in_play and letter.klass == "nurture"):
        where = reading.path(step, "class") if step.class_ != "nurture" else path
        reading.tell("letter.class_differs", where, name=name, written=written, sheet=letter.klass)


def check_audiences(reading: Reading) -> None:
    """Audiences of ads exist and reach their floor; a step says at most one end."""
    known = reading.workspace.audiences
    for step, _ in walk(reading.scenario.steps):
        if not isinstance(step, Advertise) or not reading.sound(step):
            continue
        path = reading.path(step, "advertise")
        said = [name for name, value in (("for", step.for_), ("until", step.until)) if value is not None]
        if len(said) > 1:
            reading.tell_key("advertise.two_ends", reading.path(step, said[-1]))
        elif step.leave and said:
            reading.tell_key("advertise.leaves", reading.path(step, said[0]), key=said[0])
        if known is None:
            continue
        if step.advertise not in known:
            near = nearest(step.advertise, sorted(known))
            reading.tell("audience.missing", path, name=step.advertise, near=near)
        elif (reach := known[step.advertise]) is not None and reach.below and not step.leave:
            reading.tell("audience.below", path, name=step.advertise, high=reach.high, floor=reach.floor)


def check_conditions(reading: Reading) -> None:
    """Conditions name content, themes, grades and scenarios that exist, and letters that are sent here."""
    sends = repeats_of_sends(reading.scenario.steps)
    for condition in reading.conditions():
        for part in parts(condition):
            match part:
                case Did():
                    _check_deed(reading, part, sends)
                case Holds(attribute="scenarios"):
                    _check_scenarios(reading, part)
                case ThemeScore():
                    _check_theme(reading, part)
                case Grade() if reading.workspace.graded is False:
                    reading.tell("condition.no_grades", reading.path(part))
                case _:
                    pass


def _check_deed(reading: Reading, deed: Did, sends: dict[str, str | None]) -> None:
    path = reading.path(deed)
    if deed.kind == "posted":
        sends = repeats_of_posts(reading.scenario.steps)
    if deed.letter is not None and deed.letter not in sends:
        where = path if reading.loaded.marks.values.get((*path, "letter")) is None else (*path, "letter")
        pieces = reading.workspace.pieces or frozenset()
        if deed.letter in pieces:
            reading.tell("ref.content_not_letter", where, name=deed.letter, kind=deed.kind)
        elif deed.letter in {id_ for id_, _, _ in named(reading)}:
            reading.tell("ref.not_a_letter", where, name=deed.letter)
        elif deed.letter not in reading.loaded.ids:
            reading.tell("ref.unknown_letter", where, name=deed.letter, near=nearest(deed.letter, sends))
    results = {"called": OUTCOMES, "visit_result": frozenset(VISIT_RESULTS.values())}.get(deed.kind)
    for name in sorted(deed.outcome - results) if results is not None else ():
        near = nearest(name, sorted(results or ()))
        reading.tell("condition.unknown_outcome", path, name=name, near=near, outcomes="、".join(sorted(results or ())))
    pieces_known = reading.workspace.pieces
    for name in sorted(deed.content):
        if pieces_known is not None and name not in pieces_known:
            where = path if reading.loaded.marks.values.get((*path, "content")) is None else (*path, "content")
            reading.tell("content.missing", where, name=name, near=nearest(name, sorted(pieces_known)))


def _check_theme(reading: Reading, part: ThemeScore) -> None:
    known = reading.workspace.themes
    if known is None or part.theme in known:
        return
    path = reading.path(part)
    where = path if path[-1] == part.theme else (*path, part.theme)
    near = nearest(part.theme, sorted(known))
    reading.tell_key("condition.unknown_theme", where, theme=part.theme, near=near)


def _check_scenarios(reading: Reading, part: Holds) -> None:
    known = reading.workspace.scenarios
    if known is None:
        return
    for name in sorted(part.names - known):
        reading.tell("ref.unknown_scenario", reading.path(part), name=name, near=nearest(name, sorted(known)))
