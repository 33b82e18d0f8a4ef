"""Approval of letters before they may be sent: what is needed, who gave it, what is missing. Start with `looked_at`.

Imports wiring. The guard `content_approved` reads what is stored here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from hagukumi.files import Files, read_staff
from hagukumi.journeys.core.values import Words
from hagukumi.letters.approvals import Given, Texts, fingerprints, give, given, needed_of_papers, pinned_texts, release
from hagukumi.letters.guards import GUARDS, content_approved
from hagukumi.letters.paper_links import FOLDER as PAPERS
from hagukumi.letters.templates import Library, Pinned, papers_in
from hagukumi.papers import editions
from hagukumi.pipeline.approval import Check, Point
from hagukumi.pipeline.staff import Member
from hagukumi.wiring import Wired, sync_staff
from hagukumi.words.refusal import NotDone
from models.tables.bulk import where_in
from models.tables.engine import begin_read, begin_write
from models.tables.schema import content, letter, posting, scenario_version
from models.tables.schema.letters import WAITING

CLASSES = next(guard.classes for guard in GUARDS if guard.ask is content_approved)
"""Classes of letter that need approval; those by post do so, too."""
BY_POST = "post"
BY_ONE: tuple[Check, ...] = ("legal", "brand")
"""Checks that one person may give together; the eyes are those of another."""


class LookedAt(NamedTuple):
    """One letter in one wording, and how it stands.

    scenarios: published ones that send these texts. here: these are the files' texts of now. waiting: letters in the
    outbox that wait with these texts. withdrawn_at: nothing of that name leaves since then; None: it stands.
    """

    name: str
    fingerprint: str
    title: Words
    here: bool
    scenarios: tuple[str, ...]
    needed: tuple[Check, ...]
    given: Mapping[Check, Given]
    waiting: int
    withdrawn_at: datetime | None = None

    @property
    def missing(self) -> tuple[Check, ...]:
        """The checks it lacks."""
        return tuple(check for check in self.needed if check not in self.given)


def looked_at(wired: Wired, names: Collection[str] | None = None) -> list[LookedAt]:
    """Letters by name, the files' texts first; older ones only where a published scenario still sends them."""
    library = wired.files.library
    wanted = [name for name in (*_letters(library), *library.papers()) if names is None or name in names]
    now = {name: _pin(wired, name).hash for name in wanted}
    with begin_read(wired.engine) as conn:
        sent, waiting = _in_use(conn)
        kept = [texts for texts in sent if names is None or texts[0] in names]
        found = sorted({*now.items(), *kept}, key=lambda texts: (texts[0], now.get(texts[0]) != texts[1], texts[1]))
        stands = given(conn, {name for name, _ in found})
        c = content.c
        gone = select(c.name, c.withdrawn_at).where(where_in(c.name, sorted({name for name, _ in found})))
        withdrawn = {row.name: row.withdrawn_at for row in conn.execute(gone)}
    return [
        LookedAt(
            name, texts, wired.files.content_names.get(name, Words(name, name)), now.get(name) == texts,
            tuple(sorted(sent.get((name, texts), ()))), _needed(wired, name), stands.get((name, texts), {}),
            waiting.get((name, texts), 0), withdrawn.get(name),
        )
        for name, texts in found
    ]  # fmt: skip


def one(wired: Wired, name: str, texts: str | None = None) -> LookedAt:
    """The letter as its files stand, or in the wording whose fingerprint begins with `texts`. Raises NotDone."""
    known = looked_at(wired, {name})
    if not known:
        library = wired.files.library
        raise _unknown(name, [*_letters(library), *library.papers()])
    fitting = [each for each in known if each.fingerprint.startswith(texts)] if texts else known[:1]
    if len(fitting) != 1:
        wordings = ", ".join(each.fingerprint[:8] for each in known)
        raise NotDone(
            "texts-unknown",
            f"「{name}」に、その指紋の文面はありません。あるもの: {wordings}",
            f"{name} has no such texts. There are: {wordings}",
        )
    return fitting[0]


def texts_of(wired: Wired, letter: LookedAt) -> Pinned:
    """The texts themselves, by file."""
    if letter.here:
        return _pin(wired, letter.name)
    with begin_read(wired.engine) as conn:
        for row in conn.execute(_VERSIONS.where(where_in(scenario_version.c.scenario, letter.scenarios))):
            pinned = Library(pinned_texts(conn, row.templates))
            if letter.name in pinned.names() and pinned.pin(letter.name).hash == letter.fingerprint:
                return pinned.pin(letter.name)
    raise NotDone("texts-unknown", "この文面は残っていません。", "These texts are not kept any more.")


def points_of(files: Files, checks: Collection[Check]) -> tuple[Point, ...]:
    """What is to be confirmed for these checks."""
    return tuple(point for point in files.approval.points if point.check in checks)


def approve(
    wired: Wired,
    letter: LookedAt,
    checks: Sequence[Check],
    by: str,
    confirmed: Collection[str],
    note: str | None = None,
) -> LookedAt:
    """Stores these checks of these texts; letters that waited for the last of them are asked again at once.

    Raises NotDone: nobody of that key, points left unconfirmed, or the second person's eyes are those of the first.
    """
    who = colleague(wired, by)
    _two_persons(letter, checks, who.key)
    _confirmed(points_of(wired.files, checks), confirmed)
    return _store(wired, letter, dict.fromkeys(checks, who.key), note)


def copied(wired: Wired, letter: LookedAt, to: Member) -> LookedAt:
    """Remembers that a test copy of these texts went to a colleague."""
    sync_staff(wired)
    return _store(wired, letter, {"copy": to.key}, None)


def unapproved(wired: Wired, names: Collection[str]) -> list[LookedAt]:
    """Which of these letters, and of the papers they link to, still lack something as their files stand."""
    if not wired.terms.checks:
        return []
    sources = wired.files.library.sources
    texts = (sources[file] for name in names for file in wired.files.library.files_of(name))
    papers = {PAPERS + paper for text in texts for paper in papers_in(text)}
    return [each for each in looked_at(wired, {*names, *papers}) if each.here and each.missing]


def colleague(wired: Wired, key: str) -> Member:
    """The person in staff.yaml. Raises NotDone with the keys there are."""
    members = read_staff(wired.workspace) or ()
    found = next((member for member in members if member.key == key.strip()), None)
    if found is None:
        known = ", ".join(member.key for member in members) or "-"
        raise NotDone(
            "staff-unknown",
            f"staff.yaml に「{key}」さんがいません。いる方: {known}",
            f"There is no {key} in staff.yaml. There are: {known}",
        )
    sync_staff(wired)
    return found


def _store(wired: Wired, letter: LookedAt, checks: Mapping[Check, str], note: str | None) -> LookedAt:
    now = wired.now
    texts = (letter.name, letter.fingerprint)
    with begin_write(wired.engine) as conn:
        give(conn, texts, checks, now=now, note=note)
        after = letter._replace(given=given(conn, {letter.name})[texts])
        if not after.missing:
            for name in _waiting_for(wired, letter, conn, now):
                release(conn, name, now=now)
    return after


def _waiting_for(wired: Wired, letter: LookedAt, conn: Connection, now: datetime) -> list[str]:
    """Whose letters are asked again, now that these texts have all checks; a paper's texts are kept, to be shown."""
    if not letter.name.startswith(PAPERS):
        return [letter.name]
    paper = letter.name.removeprefix(PAPERS)
    editions.keep(conn, paper, _pin(wired, letter.name), now)
    library = wired.files.library
    return [
        name
        for name in _letters(library)
        if any(paper in papers_in(library.sources[file]) for file in library.files_of(name))
    ]


def _pin(wired: Wired, name: str) -> Pinned:
    """The present texts of a letter, or of a paper with the rules it calculates by."""
    if name.startswith(PAPERS):
        return editions.pin(wired.files, name.removeprefix(PAPERS))
    return wired.files.library.pin(name)


def _needed(wired: Wired, name: str) -> tuple[Check, ...]:
    return needed_of_papers(wired.terms.checks) if name.startswith(PAPERS) else wired.terms.checks


def _two_persons(letter: LookedAt, checks: Sequence[Check], who: str) -> None:
    others = {each.by_whom for check, each in letter.given.items() if check in BY_ONE}
    eyes = letter.given.get("eyes")
    same = "eyes" in checks and (who in others or any(check in BY_ONE for check in checks))
    if same or (eyes is not None and eyes.by_whom == who and any(check in BY_ONE for check in checks)):
        raise NotDone(
            "same-person",
            f"「別の人の目」は、ほかの確認をした方({who})とは別の方が行います。",
            f"The second person's eyes are not those of who gave the other checks ({who}).",
        )


def _confirmed(points: Sequence[Point], confirmed: Collection[str]) -> None:
    left = [point for point in points if point.id not in confirmed]
    if left:
        raise NotDone(
            "points-open",
            "まだ確認していない項目があります。"
            "一つずつ --point で、すべて確かめたら --all-points でご確認ください。\n"
            + "\n".join(f"  {point.id}: {point.text.ja}" for point in left),
            "Not everything has been confirmed. Confirm each with --point, or all of them with --all-points.\n"
            + "\n".join(f"  {point.id}: {point.text.en}" for point in left),
        )


_VERSIONS = select(
    scenario_version.c.id, scenario_version.c.scenario, scenario_version.c.live, scenario_version.c.templates
).order_by(scenario_version.c.id)


def _in_use(conn: Connection) -> tuple[dict[Texts, set[str]], dict[Texts, int]]:
    """Which scenarios send which texts, and how many letters wait with them: open versions, and older ones' letters."""
    c = letter.c
    query = select(c.version_id, c.content, func.count().label("number")).where(WAITING, c.klass.in_(sorted(CLASSES)))
    rows = [row for row in conn.execute(query.group_by(c.version_id, c.content)) if row.version_id is not None]
    p = posting.c
    printed = select(p.version_id, p.content, func.count().label("number")).where(p.state == "waiting")
    rows += conn.execute(printed.group_by(p.version_id, p.content)).all()
    versions = {row.id: row for row in conn.execute(_VERSIONS)}
    wanted = {(row.version_id, row.content) for row in rows}
    for version in versions.values():
        if version.live:
            wanted |= {(version.id, name) for name in _letters(Library(pinned_texts(conn, version.templates)))}
    texts = fingerprints(conn, [(version, name) for version, name in wanted if version is not None])
    sent: dict[Texts, set[str]] = {}
    for (version_id, name), fingerprint in texts.items():
        if version_id is not None:
            sent.setdefault((name, fingerprint), set()).add(versions[version_id].scenario)
    waiting: dict[Texts, int] = {}
    for row in rows:
        key = (row.content, texts.get((row.version_id, row.content), ""))
        waiting[key] = waiting.get(key, 0) + row.number
    return sent, waiting


def _letters(library: Library) -> list[str]:
    return [name for name in library.names() if library.sheet(name).klass in (*CLASSES, BY_POST)]


def _unknown(name: str, known: Sequence[str]) -> NotDone:
    from hagukumi.journeys.language.problems import nearest

    near = nearest(name, known)
    return NotDone(
        "content-unknown",
        f"承認するメール「{name}」はありません。"
        + (f"もしかして: {near}" if near else "「hagukumi content list」で名前をご確認ください。"),
        f"There is no letter {name} to approve. "
        + (f"Did you mean {near}?" if near else "See `hagukumi content list`."),
    )
