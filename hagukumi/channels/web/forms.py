"""Forms of our site: what a post must hold, and how it becomes a lead by the same code as a list.

`FormReader.parse` runs in the web process before anything is stored; `read_forms` reads the inbox.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from hagukumi.channels.imports.context import Context as ImportContext
from hagukumi.channels.imports.making import make_plan
from hagukumi.channels.imports.mapping import Column, ColumnName, FieldName
from hagukumi.channels.imports.mapping import Mapping as ImportMapping
from hagukumi.channels.imports.people import People
from hagukumi.channels.imports.plan import Fault, Faulty, Plan, Record
from hagukumi.channels.imports.problems import Refused, named
from hagukumi.channels.inbox import Context, Raw, Unreadable
from hagukumi.channels.web.events import LONGEST_TOKEN, Site, Wrong, consent_of, page_of
from hagukumi.channels.web.visitors import Consent, Someone, people_of, remember, tie, visitor_hash
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.pipeline.forms import Form
from hagukumi.pipeline.ng import Judge
from hagukumi.words.import_problems import PROBLEMS
from models.tables.arrivals import Arrival, receive
from models.tables.schema import person
from models.tables.types import from_micros, to_micros

MOST_INPUTS = 100
LONGEST = 2_000
"""Characters of one input."""
SCRIPT = ("hk_visitor", "hk_notice", "hk_at", "hk_page", "hk_lang")
"""Inputs that our script adds once the visitor has consented, and the page's address and language."""
GROUND = "consent"


class Post(NamedTuple):
    """A post as it is stored: the inputs that the form knows, and what was shown."""

    id: str
    form: str
    values: Mapping[str, str]
    agreed: bool
    language: str
    page: str | None
    purpose_version: str
    wording_hash: str
    visitor: tuple[str, str, int] | None


class Refusal(Exception):
    """Inputs that cannot be taken: for each its name and what is wrong, in words."""

    def __init__(self, faults: Sequence[tuple[str, str, Words]]) -> None:
        super().__init__(", ".join(f"{name} {code}" for name, code, _ in faults))
        self.faults = tuple(faults)


def parse(form: Form, given: Mapping[str, Any], fields: Mapping[str, CustomField], site: Site, now: datetime) -> bytes:
    """A post as it is stored. Raises Wrong for what is no post, Refusal for inputs that cannot be taken."""
    inputs = form.inputs()
    box = form.agreement.field if form.agreement is not None else None
    values = {name: _text(given[name], name) for name in (*inputs, *([box] if box else [])) if name in given}
    agreed = box is not None and values.pop(box, "").strip().lower() not in ("", "0", "false", "off", "no", "いいえ")
    read = plan_of(form, fields).read(1, [values.get(name, "") for name in inputs])
    if isinstance(read, Faulty):
        raise Refusal([_said(fault) for fault in read.faults])
    language = "en" if given.get("hk_lang") == "en" else "ja"
    post = Post(
        id=secrets.token_hex(8),
        form=form.name,
        values={name: text for name, text in values.items() if text.strip()},
        agreed=agreed,
        language=language,
        page=page_of(given.get("hk_page"), site.origins),
        purpose_version=form.purpose.version,
        wording_hash=form.wording_hash(language),
        visitor=_visitor(given, site, now),
    )
    return orjson.dumps(tuple(post))


def plan_of(form: Form, fields: Mapping[str, CustomField]) -> Plan:
    """How the inputs are read: as a list of people with one row. Raises Refused for targets that do not exist."""
    columns = {
        ColumnName(name): Column(to=(FieldName(one.to),), required=one.required) for name, one in form.inputs().items()
    }
    constants = {FieldName(str(name)): text for name, text in form.constants.items()}
    mapping = ImportMapping(name=form.name, kind="people", columns=columns, constants=constants)
    return make_plan(mapping, [str(name) for name in columns], f"forms.yaml: {form.name}", fields)


def read_forms(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Posts of the inbox become leads, each with the ground that was given and the activity of the form."""
    for raw in raws:
        _read(conn, raw, context)


def _read(conn: Connection, raw: Raw, context: Context) -> None:
    try:
        post = Post._make(orjson.loads(raw.body))
    except (ValueError, TypeError):
        raise Unreadable("form-form") from None
    form = context.forms.get(post.form)
    if form is None:
        raise Unreadable("form-unknown")
    try:
        record = plan_of(form, context.rules.fields).read(1, [post.values.get(name, "") for name in form.inputs()])
    except Refused:
        raise Unreadable("form-mapping") from None
    if isinstance(record, Faulty):
        raise Unreadable("form-values")
    at = context.moment(raw.at)
    _add_nothing_known(conn, record)
    if post.agreed:
        record.groups["consent"] = {
            "ground": GROUND,
            "got_at": at,
            "got_where": form.name,
            "page": post.page,
            "purpose_version": post.purpose_version,
            "wording_hash": post.wording_hash,
        }
    tally = People(_import_context(form, context)).write(conn, [record])
    if tally.rejected:
        raise Unreadable(tally.rejected[0].faults[0].code)
    someone = _writer_of(conn, record)
    told = (someone.id, someone.account_id, form.activity, at, context.now, str(form.content))
    receive(conn, [Arrival(*told, source_id=f"form:{post.id}")])
    if post.visitor is not None:
        browser, version, consented_at = post.visitor
        remember(conn, {browser: Consent(version, context.moment(from_micros(consented_at)))}, context.now)
        tie(conn, {browser: someone}, "form", context.now)


def _writer_of(conn: Connection, record: Record) -> Someone:
    """Who filled in the form; the import has just stored them under this address."""
    address = record.groups["person"]["email"]
    id_ = conn.scalars(select(person.c.id).where(person.c.email_norm == address.norm)).one()
    return people_of(conn, [id_])[id_]


def _add_nothing_known(conn: Connection, record: Record) -> None:
    """A form adds to somebody we know: what is known of them stands, whoever has typed their address.

    The custom fields are the form's own: the last answer counts.
    """
    given = record.groups["person"]
    address = given.get("email")
    if address is None:
        return
    known = conn.execute(select(person).where(person.c.email_norm == address.norm)).mappings().one_or_none()
    if known is None:
        return
    names = {"full_name": "family_name", "full_kana": "family_kana"}
    for name in [name for name in given if name not in ("email", "key", "occupation")]:
        if known.get(names.get(name, name)):
            del given[name]
    if known["account_id"] is not None:
        record.groups.pop("account", None)
        record.groups.pop("account_custom", None)


def _import_context(form: Form, context: Context) -> ImportContext:
    rules = context.rules
    return ImportContext(
        now=context.now, secret=context.secret, source=f"form:{form.name}", judge=Judge(rules.ng, _disposable()),
        roles=rules.roles, fields=rules.fields,
    )  # fmt: skip


@cache
def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist)


def _visitor(given: Mapping[str, Any], site: Site, now: datetime) -> tuple[str, str, int] | None:
    """The browser, when its visitor consented to the notice that is in force; a form goes through without."""
    browser = given.get("hk_visitor")
    if not isinstance(browser, str) or not 16 <= len(browser) <= min(64, LONGEST_TOKEN):
        return None
    try:
        consent = consent_of({"notice_version": given.get("hk_notice"), "at": given.get("hk_at")}, site, now)
    except Wrong:
        return None
    return visitor_hash(site.secret, browser), consent.notice_version, to_micros(consent.at)


def _text(given: Any, name: str) -> str:
    match given:
        case bool():
            return "yes" if given else ""
        case int():
            return str(given)
        case None:
            return ""
        case str() if len(given) <= LONGEST:
            return given
        case str():
            raise Wrong("form-long", name)
        case _:
            raise Wrong("form-value", name)


def _said(fault: Fault) -> tuple[str, str, Words]:
    said, args = PROBLEMS[fault.code].message, named(fault.args)
    return fault.column, fault.code, Words(said.ja.format(**args), said.en.format(**args))
