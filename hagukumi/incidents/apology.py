"""An apology to exactly those who got a wrong letter: drafted, shown, approved by somebody else, written.

Start with `draft` and `approve`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from hagukumi.incidents.affected import APOLOGY, apology_key, reached
from hagukumi.incidents.book import Incident, read, refuse_closed
from hagukumi.journeys.language.problems import Mark, problem
from hagukumi.letters.apologies import pin_whole
from hagukumi.letters.press import Press
from hagukumi.letters.preview import Preview, draft_for
from hagukumi.letters.proof import check_sources
from hagukumi.letters.render import Letterpress
from hagukumi.letters.templates import LANGUAGES, Library, read_folder
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import CHECKOUT
from models.tables.bulk import upsert_many, where_in
from models.tables.schema import incident, letter, person

PARTS = ("subject", "text")
_ENDINGS = {"subject": "subject", "text": "txt"}
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_LETTER = (
    "key", "person_id", "account_id", "content", "klass", "priority", "due", "state", "next_try", "written_at",
    "template_hash", "incident_id",
)  # fmt: skip

Texts = Mapping[str, Mapping[str, str]]
"""language -> {subject, text}, as templates say it."""


class Approved(NamedTuple):
    """What an approval wrote. again: it had been approved before, and nothing was written."""

    written: int
    again: bool = False


def name_of(known: Incident) -> str:
    """The template of its apology."""
    return f"{APOLOGY}/{known.kind}"


def texts_of(library: Library, known: Incident) -> dict[str, dict[str, str]]:
    """The words to begin with: those of the workspace's templates, else of those that ship."""
    sources = _sources(library, name_of(known))
    return {
        language: {part: sources[f"{name_of(known)}.{language}.{_ENDINGS[part]}"].rstrip("\n") for part in PARTS}
        for language in LANGUAGES
    }


def sources_of(library: Library, known: Incident, texts: Texts) -> dict[str, str]:
    """All files that the apology is made of, with these words in it."""
    name = name_of(known)
    own = {
        f"{name}.{language}.{_ENDINGS[part]}": texts[language][part].rstrip("\n") + "\n"
        for language in LANGUAGES
        for part in PARTS
    }
    return _sources(library, name) | own


def _sources(library: Library, name: str) -> dict[str, str]:
    shipped, _ = read_folder(CHECKOUT / "templates", name)
    own = {file: text for file, text in library.sources.items() if file.startswith((f"{name}.", "_layout/"))}
    return shipped | own


def draft(conn: Connection, library: Library, number: int, texts: Texts | None, by: str, now: datetime) -> Incident:
    """Stores the words and the people: each once who got the letter, can be written to and has no apology yet.

    texts: None for those of the draft that is there, else of the templates. Raises NotDone: nobody is left, the words
    cannot be a letter, or they hold a link.
    """
    known = read(conn, number)
    refuse_closed(known)
    said = texts or _standing(known) or texts_of(library, known)
    _refuse_words(library, known, said)
    people = sorted({one.person for one in reached(conn, number) if one.why_not is None and one.apology is None})
    if not people:
        raise NotDone(
            "incident-nobody",
            f"{number} 番で、お詫びをお送りする方はいません(まだ届いていないか、お送り済みか、宛先がありません)。"
            f"「hagukumi incident show {number}」でご確認ください。",
            f"Nobody of incident {number} is to get an apology: it has not arrived, theirs is written, or there is no "
            f"address. See hagukumi incident show {number}",
        )
    stored = {language: dict(said[language]) for language in LANGUAGES}
    _store(conn, number, {**stored, "people": people, "by": by, "at": now.isoformat(timespec="seconds")})
    return read(conn, number)


def drop(conn: Connection, number: int) -> None:
    """Throws the draft away; apologies that were written stay."""
    refuse_closed(read(conn, number))
    _store(conn, number, None)


def _store(conn: Connection, number: int, apology: Mapping[str, Any] | None) -> None:
    fresh = {"apology": apology, "approved_at": None, "approved_by": None}
    conn.execute(update(incident).where(incident.c.id == number).values(**fresh))


def _standing(known: Incident) -> Texts | None:
    return None if known.apology is None else {language: known.apology[language] for language in LANGUAGES}


def _refuse_words(library: Library, known: Incident, texts: Texts) -> None:
    linked = [f"{language}.{part}" for language in LANGUAGES for part in PARTS if _LINK.search(texts[language][part])]
    if linked:
        raise NotDone(
            "apology-link",
            f"お詫びにはリンクを入れられません({'、'.join(linked)})。連絡先は署名に入ります。",
            f"An apology holds no links ({', '.join(linked)}); the signature says how to reach us.",
        )
    found = check_sources(sources_of(library, known, texts), name_of(known))
    wrong = [each for each in found if each.severity == "error"]
    if wrong:
        first = wrong[0]
        said = problem(first.code, first.file, Mark(first.line, first.column, 1), **first.args)
        raise NotDone(
            "apology-broken",
            f"お詫びの文面を使えません({first.file.rpartition('/')[2]} の {first.line} 行目): "
            f"{said.message('ja')}。{said.help('ja')}",
            f"The words cannot be used ({first.file.rpartition('/')[2]}, line {first.line}): "
            f"{said.message('en')}. {said.help('en')}",
        )


def approve(conn: Connection, library: Library, number: int, by: str, now: datetime) -> Approved:
    """Writes the drafted letters into the outbox; they leave like all others, each person's once.

    Raises NotDone: there is no draft, or `by` opened the incident or wrote the draft.
    """
    known = read(conn, number)
    refuse_closed(known)
    if known.apology is None:
        raise NotDone(
            "incident-no-draft",
            f"お詫びの下書きがありません。「hagukumi incident draft {number}」で作ってください。",
            f"There is no draft apology. Make one: hagukumi incident draft {number}",
        )
    if known.approved_at is not None:
        return Approved(0, again=True)
    if by.casefold() in (known.opened_by.casefold(), str(known.apology["by"]).casefold()):
        raise NotDone(
            "incident-second-person",
            f"記録や下書きを作った方({by})とは別の方の承認が必要です。",
            f"Somebody else than {by}, who opened it or wrote the draft, has to approve.",
        )
    name = name_of(known)
    hash_ = pin_whole(conn, name, sources_of(library, known, _standing(known) or {}))
    accounts = select(person.c.id, person.c.account_id).where(where_in(person.c.id, known.apology["people"]))
    rows = [
        (apology_key(number, who), who, account, name, APOLOGY, 0, now, "queued", now, now, hash_, number)
        for who, account in conn.execute(accounts.order_by(person.c.id))
    ]
    written = upsert_many(conn, letter, _LETTER, rows, conflict=("key",))
    conn.execute(update(incident).where(incident.c.id == number).values(approved_at=now, approved_by=by))
    return Approved(written)


def as_read(
    conn: Connection, library: Library, press: Press, known: Incident, texts: Texts, who: int, now: datetime
) -> Preview:
    """The apology as this person will read it. Raises CannotRender."""
    row = draft_for(conn, who, name_of(known), now)
    language = row.language if row.language in LANGUAGES else LANGUAGES[0]
    letter_ = press.about_incident(press.letter_of(row, language, ""), known.id, who, language)
    with_ = Letterpress(sources_of(library, known, texts), doctors=press.doctors)
    persona = press.persona_of(row)
    return Preview(persona, language, with_.render(name_of(known), persona, language, None, letter_))
