"""Receipts as of the workspace's clock: of a person, of a facility. Start with `explained` or `account_receipt_of`."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from hagukumi.journeys.shell.gather import facts_about
from hagukumi.programme.engagement import receipts
from hagukumi.reading.accounts import Facility
from hagukumi.reading.people import read_people
from hagukumi.words.dates import iso
from models.scoring.points import Scorer, Standing
from models.scoring.receipts import Names, Receipt, Term, explain, phrase
from models.scoring.rules import A_WEEK
from models.scoring.views import grade_of, themes_of, warming

if TYPE_CHECKING:
    from hagukumi.files import Files


def receipt_of(
    conn: Connection, person_id: int, now: datetime, scorer: Scorer, names: Names, lang: str, zone: tzinfo
) -> dict[str, Any]:
    """{points, terms: [{points, because, event, at}]}; the terms add up exactly, `event` is the activity's id.

    at: ISO 8601 with the offset of `zone`.
    """
    return _said(_standing(conn, person_id, now, scorer).receipt(now), names, lang, zone)


def explained(
    conn: Connection,
    person_id: int,
    now: datetime,
    files: Files,
    lang: str,
    zone: tzinfo,
) -> dict[str, Any]:
    """`receipt_of` and the other views of the points: themes, grade."""
    assert files.scorer is not None
    standing = _standing(conn, person_id, now, files.scorer)
    said = _said(standing.receipt(now), files.content_names, lang, zone)
    return said | _views(standing, now, files, lang)


def account_receipt_of(
    conn: Connection, facility: Facility, now: datetime, files: Files, lang: str, zone: tzinfo
) -> dict[str, Any]:
    """{account, name, points, people: [{person, name, points}], terms: [{points, because, event, at, person}]}.

    Whose points count is said where they are added up (programme/engagement.py).
    """
    scorer = files.scorer
    assert scorer is not None
    found = receipts(conn, [facility.id], now, scorer)[facility.id]
    people = read_people(conn, sorted(part.person for part in found.parts if part.person is not None))
    terms = [
        _term(term, files.content_names, lang, zone) | {"person": part.person}
        for part in found.parts
        for term in part.terms
    ]
    parts = [
        {"person": part.person, "name": people[part.person].name, "points": part.tenths / 10}
        for part in found.parts
        if part.person is not None
    ]
    return {"account": facility.key, "name": facility.name, "points": found.points, "people": parts, "terms": terms}


def _standing(conn: Connection, person_id: int, now: datetime, scorer: Scorer) -> Standing:
    facts = facts_about(conn, person_id, now, scorer.needs)
    return scorer.of(facts.attributes, facts.activities)


def _said(receipt: Receipt, names: Names, lang: str, zone: tzinfo) -> dict[str, Any]:
    said = explain(receipt, lang, names)
    for shown, term in zip(said["terms"], receipt.terms, strict=True):
        shown["at"] = iso(term.at, zone)
    return said


def _term(term: Term, names: Names, lang: str, zone: tzinfo) -> dict[str, Any]:
    because = phrase(term.because, term.content, lang, names)
    return {"points": term.points, "because": because, "event": term.event, "at": iso(term.at, zone)}


def _views(standing: Standing, now: datetime, files: Files, lang: str) -> dict[str, Any]:
    from hagukumi.calendar import BusinessCalendar

    jump = standing.scorer.rules.jump
    window = A_WEEK if jump is None else jump.window
    before = window.before(now, BusinessCalendar(files.settings.zone))
    themes = themes_of(standing, now, before)
    warm, grade = warming(themes), grade_of(standing, now)
    return {
        "themes": [
            {
                "theme": each.theme,
                "title": files.themes[each.theme].say(lang) if each.theme in files.themes else each.theme,
                "points": each.tenths / 10,
                "before": each.before / 10,
            }
            for each in themes
        ],
        "warming": None if warm is None else warm.theme,
        "fit": None if grade is None else grade.fit,
        "behaviour": None if grade is None else grade.behaviour,
        "grade": None if grade is None else str(grade),
    }
