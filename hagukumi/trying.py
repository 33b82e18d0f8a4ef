"""Letters tried out before they leave: shown as somebody would get them, and sent to colleagues."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

from hagukumi.approving import LookedAt, copied, looked_at
from hagukumi.files import Files
from hagukumi.journeys.core.verdict import Why
from hagukumi.letters import preview
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import Mailbox
from hagukumi.letters.preview import MARKS, Preview
from hagukumi.letters.render import Letterpress
from hagukumi.letters.rules import our_calendar, terms_of
from hagukumi.letters.transport import Accepted, Outgoing, TransportError
from hagukumi.pipeline.staff import Member
from hagukumi.reading.people import find_person
from hagukumi.reading.say import sentence
from hagukumi.settings import refuse_blanks
from hagukumi.wiring import Wired
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read


def preview_example(
    files: Files, template: str, language: str, variant: str | None, persona: str | None = None
) -> Preview:
    """The letter for the first example of its sheet, today by the wall clock; opens no database."""
    rules = files.defaults
    sending = terms_of(rules, our_calendar(rules, files.settings.zone)).sending
    press, base_url = Letterpress(files.library.sources), files.settings.base_url
    sender, now = files.signatures[language], datetime.now(UTC)
    return preview.preview_example(press, template, language, variant, sender, now, sending, base_url, persona)


def preview_person(
    wired: Wired, template: str, who: str, language: str | None, variant: str | None
) -> tuple[Preview, Why | None]:
    """The letter as this person would get it today, and what the guards would say. Raises NotDone for a stranger."""
    now = wired.now
    press = Letterpress(wired.files.library.sources, doctors=wired.doctors)
    klass = press.library.sheet(template).klass
    with begin_read(wired.engine) as conn:
        row = preview.draft_for(conn, find_person(conn, who), template, now)
        made = preview.preview_for(wired.press, press, row, language or row.language, variant)
    known = looked_at(wired, {template})
    missing = known[0].missing if known else ()
    with begin_read(wired.engine) as conn:
        return made, preview.stops(conn, row, klass, now, wired.terms, missing)


def send_copy(wired: Wired, letter: LookedAt, to: Member) -> LookedAt:
    """Sends every wording of these texts to a colleague (language, persona, subject), and remembers it.

    Raises NotDone: no address, blanks in hagukumi.yaml, a letter that cannot be made, or the outlet refuses.
    """
    if to.email is None:
        raise NotDone(
            "no-address",
            f"staff.yaml の「{to.key}」さんにメールアドレス(email)がありません。",
            f"{to.key} has no mail address (email) in staff.yaml.",
        )
    known = wired.files.letters[letter.name]
    personas: list[str | None] = [*sorted(known.personas)] or [None]
    ways = product(sorted(known.languages), personas, [None, *sorted(known.variants)])
    made = [preview_example(wired.files, letter.name, language, variant, who) for language, who, variant in ways]
    for each in made:
        if each.rendered is None:
            assert each.trouble is not None
            raise NotDone("letter-not-made", sentence(each.trouble, "ja"), sentence(each.trouble, "en"))
    for each in made:
        send_test(wired, each, letter.name, to)
    return copied(wired, letter, to)


def note_copy(wired: Wired, template: str, to: Member) -> None:
    """A test that was sent by itself counts as a copy of the texts of now, where the letter is one to be approved."""
    for letter in looked_at(wired, {template})[:1]:
        copied(wired, letter, to)


def send_test(wired: Wired, made: Preview, template: str, to: Member) -> str:
    """Hands a test to the outlet, outside the outbox: it counts as a letter to nobody. Its subject.

    Raises NotDone: blanks in hagukumi.yaml, or the outlet refuses.
    """
    refuse_blanks(wired.files.settings)
    assert made.rendered is not None and wired.outlet is not None and to.email is not None
    # Each test is a letter of its own, also on a virtual clock.
    key = f"test/{template}/{to.key}/{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    try:
        sender, colleague = wired.press.mailboxes[made.language], Mailbox(to.name, to.email)
        message = preview.test_message(made, sender, colleague, key, wired.now)
        subject = MARKS[made.language] + made.rendered.subject
        text, page = made.rendered.text, made.rendered.html
        test = Outgoing(key, message, subject, text, page, sender, colleague, trial=True)
        (said,) = wired.outlet.call([test])
        wired.outlet.flush()
    except (CannotRender, TransportError) as trouble:
        raise _not_sent(str(trouble)) from None
    if not isinstance(said, Accepted):
        raise _not_sent(said.code)
    return subject


def _not_sent(why: str) -> NotDone:
    return NotDone(
        "test-not-sent",
        f"テストを送れませんでした({why})。アドレスと出口の設定をご確認ください。",
        f"The test was not sent ({why}). Check the address and the outlet.",
    )
