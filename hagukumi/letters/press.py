"""The press at departure: a row of the outbox becomes a message, from the templates its scenario version has pinned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from unicodedata import normalize

from sqlalchemy import Engine, Row, select

from hagukumi.calendar import BusinessCalendar
from hagukumi.letters.answers import Printed
from hagukumi.letters.apologies import pinned_whole, said_of
from hagukumi.letters.context import Addressee, Facility, Letter, Sender
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.links import PATH, TRAP, sign_link
from hagukumi.letters.message import WORD_BYTES, Mailbox, compose_bytes
from hagukumi.letters.paper_links import PATH as PAPER
from hagukumi.letters.paper_links import PaperToken, link_named, sign_paper
from hagukumi.letters.refusing import PATH as REFUSE
from hagukumi.letters.refusing import sign_refusal
from hagukumi.letters.render import Letterpress, Rendered
from hagukumi.letters.showing import insist
from hagukumi.letters.slots import days_ahead, slots_of
from hagukumi.letters.templates import LANGUAGES, Library
from hagukumi.letters.transport import Outgoing
from hagukumi.letters.webinars import asked_of, token_of
from hagukumi.letters.webinars import said_of as webinar_said
from hagukumi.pipeline.webinars import Webinar
from models.tables.bulk import where_in
from models.tables.engine import begin_read
from models.tables.schema import scenario_version, template_version


def hash_of(source: str) -> str:
    """The hash under which a template file is kept."""
    return blake2b(source.encode(), digest_size=16).hexdigest()


def _from_name(sender: Sender) -> str:
    """Company and surname where they fit one encoded word: mail programs show a blank where two words meet."""
    whole = f"{sender.company} {sender.family_name or ''}".strip()
    return whole if whole.isascii() or len(whole.encode()) <= WORD_BYTES else sender.company


def _known(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


class Press:
    """Prints letters. `senders` sign, by language; `secret` makes links unguessable, `base_url` is where they lead.

    `sending` is our calendar without the no-send days; `signed` says whether links tell who followed them, `trapped`
    whether one stands beside them that no person sees; `papers_live` for how many days links to papers lead there.
    """

    def __init__(
        self,
        engine: Engine,
        senders: Mapping[str, Sender],
        base_url: str,
        secret: str,
        sending: BusinessCalendar,
        doctors: tuple[str, ...],
        signed: bool = False,
        trapped: bool = False,
        webinars: Mapping[str, Webinar] | None = None,
        papers_live: int = 0,
    ) -> None:
        self.engine = engine
        self.base_url = base_url.rstrip("/")
        self.secret = secret
        self.sending = sending
        self.doctors = doctors
        self.link_for = self._signed if signed else None
        self.trapped = signed and trapped
        self.webinars = webinars or {}
        self.papers_live = papers_live
        self.senders = senders
        self.mailboxes = {language: Mailbox(_from_name(one), one.email) for language, one in senders.items()}
        self._presses: dict[int, Letterpress] = {}
        self._wholes: dict[str, Letterpress] = {}
        self._days: dict[date, tuple[date, ...]] = {}

    def __call__(self, row: Row[Any]) -> Printed:
        """The message of a row of `sender.addressed`. Raises CannotRender."""
        persona = self.persona_of(row)
        refuse_url = f"{self.base_url}{REFUSE}{sign_refusal(self.secret, row.key)}"
        letter = self.letter_of(row, row.language, refuse_url)
        if row.incident_id is not None:
            letter = self.about_incident(letter, row.incident_id, row.person_id, row.language)
        press = self._pinned(row) if row.version_id is None else self._press_of(row.version_id)
        letter = self.about_webinar(letter, press.library, row.content, row.klass, row.granted_at, row.language)
        trap = self._signed(row.key, TRAP, "") if self.trapped and row.version_id is not None else None
        rendered = press.render(
            row.content, persona, row.language, row.variant, letter, self.link_for, trap,
            lambda _key, paper: self._paper(row, paper),
        )  # fmt: skip
        # However the template came here: the law wants it in every single letter.
        insist(row.klass, rendered.text, rendered.html, letter.sender, refuse_url)
        recipient = Mailbox(" ".join(part for part in (row.family_name, row.given_name) if part), letter.person.email)
        sender = self.mailboxes[_known(row.language)]
        # An apology is no advertising, and goes to people who have refused that already.
        offered = None if row.klass == "apology" else refuse_url
        message = compose_bytes(rendered, sender, recipient, row.key, row.granted_at, offered)
        outgoing = Outgoing(
            row.key, message, rendered.subject, rendered.text, rendered.html, sender, recipient, offered,
            klass=row.klass, scenario=row.scenario, content=row.content,
        )  # fmt: skip
        return Printed(outgoing, len(rendered.links), rendered.template_hash, persona, row.language)

    @staticmethod
    def persona_of(row: Row[Any]) -> str:
        """Which of a letter's bodies this person gets."""
        return "executive" if row.role == "decision_maker" else "field"

    def theme_of(self, row: Row[Any]) -> str | None:
        """What a letter of a scenario is about, as its version has it."""
        return None if row.version_id is None else self._press_of(row.version_id).library.sheet(row.content).theme

    def letter_of(self, row: Row[Any], language: str, refuse_url: str) -> Letter:
        """What the letter of a row may say."""
        # Full-width signs that were entered are not what a mail server can take.
        address = normalize("NFKC", row.email or "").strip()
        person = Addressee(
            row.family_name or "", address, row.given_name, row.department, row.title, row.role, row.acquainted
        )
        facility = Facility(
            row.facility, row.legal_entity, row.facility_kind, row.industry, row.beds, row.headcount, row.prefecture
        )
        today = self.sending.day_of(row.granted_at)
        slots = slots_of(row.key, self._days_ahead(today))
        return Letter(row.key, today, refuse_url, person, facility, self.senders[_known(language)], slots=slots)

    def about_incident(self, letter: Letter, incident_id: int, person_id: int, language: str) -> Letter:
        """The letter as an apology, which may name the letter that was wrong."""
        with begin_read(self.engine) as conn:
            said = said_of(conn, incident_id, person_id, _known(language), self.sending.zone)
        return letter._replace(extra=said)

    def by_post(self, row: Row[Any]) -> Rendered:
        """The words of a row of `desk.posting`, of which no mailbox is asked. Raises CannotRender."""
        letter = self.letter_of(row, row.language, "")._replace(by_post=True)
        press = self._press_of(row.version_id)
        letter = self.about_webinar(letter, press.library, row.content, "post", row.granted_at, row.language)
        return press.render(
            row.content, self.persona_of(row), _known(row.language), None, letter,
            paper_for=lambda _key, paper: self._paper_by_post(row, paper),
        )  # fmt: skip

    def about_webinar(
        self, letter: Letter, library: Library, content: str, klass: str, at: datetime, language: str
    ) -> Letter:
        """The letter with what it may say of its webinar, where its sheet names one. Raises CannotRender."""
        asked = asked_of(library.sheet(content).webinar, letter.key)
        if asked is None:
            return letter
        token = token_of(self.secret, letter.key, asked)
        said = webinar_said(asked, self.webinars, klass, at, self.sending, _known(language), self.base_url, token)
        return letter._replace(extra=(*letter.extra, *said))

    def _pinned(self, row: Row[Any]) -> Letterpress:
        """Of a letter of no scenario: its own texts, as they were when it was written."""
        hash_ = row.template_hash or ""
        if hash_ not in self._wholes:
            with begin_read(self.engine) as conn:
                sources = pinned_whole(conn, hash_)
            if sources is None:
                raise CannotRender("template_missing", {"file": row.content})
            self._wholes[hash_] = Letterpress(sources, doctors=self.doctors)
        return self._wholes[hash_]

    def _signed(self, letter_key: str, link: str, url: str) -> str:
        return f"{self.base_url}{PATH}{sign_link(self.secret, letter_key, link)}"

    def _paper(self, row: Row[Any], paper: str) -> str:
        """Where the reader's account finds its paper: by the letter's own link, or by one that names the account."""
        if self.link_for is None or row.account_id is None:
            return self._paper_of_account(row, paper, None)
        return f"{self.base_url}{PAPER}{sign_link(self.secret, row.key, link_named(paper))}"

    def _paper_by_post(self, row: Row[Any], paper: str) -> str:
        """The same on paper, where no click tells who it was: a signed link says for whom it was made."""
        return self._paper_of_account(row, paper, None if self.link_for is None else row.person_id)

    def _paper_of_account(self, row: Row[Any], paper: str, person: int | None) -> str:
        if row.account_id is None:
            raise CannotRender("missing_attribute", {"name": "account.name", "file": row.content})
        until = self.sending.day_of(row.granted_at) + timedelta(days=self.papers_live)
        token = PaperToken(row.account_id, paper, until, person, self.theme_of(row))
        return f"{self.base_url}{PAPER}{sign_paper(self.secret, token)}"

    def _days_ahead(self, today: date) -> tuple[date, ...]:
        if today not in self._days:
            self._days[today] = days_ahead(today, self.sending)
        return self._days[today]

    def _press_of(self, version_id: int) -> Letterpress:
        if version_id not in self._presses:
            with begin_read(self.engine) as conn:
                c, t = scenario_version.c, template_version.c
                pinned = conn.scalars(select(c.templates).where(c.id == version_id)).one()
                hashes = sorted(set(pinned.values()))
                known = {
                    r.hash: r.source for r in conn.execute(select(t.hash, t.source).where(where_in(t.hash, hashes)))
                }
            sources = {file: known[hash_] for file, hash_ in pinned.items()}
            self._presses[version_id] = Letterpress(sources, doctors=self.doctors)
        return self._presses[version_id]
