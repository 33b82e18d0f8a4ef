"""Letters tried out before they leave: shown as somebody would get them, and sent to colleagues.."""

from __future__ import annotations

from datetime import UTC, datetime

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
from hagukumi.wiring import Wired
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import refuse_blanks
from models.tables.engine import begin_read


def preview_example(files: Files, template: str, language: str, variant: str | None) -> Preview:
    """The letter for the first example of its sheet, today by the wall clock; opens no database."""
    rules = files.defaults
    sending = terms_of(rules, our_calendar(rules, files.settings.zone)).sending
    press, base_url = Letterpress(files.library.sources), files.settings.base_url
    sender, now = files.signatures[language], datetime.now(UTC)
    return preview.preview_example(press, template, language, variant, sender, now, sending, base_url)


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
        return made, preview.stops(conn, row, klass, now, wired.terms)


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
        test = Outgoing(key, message, subject, made.rendered.text, made.rendered.html, sender, colleague)
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
