"""Forms of our site: what a post must hold, and how it becomes a lead by the same code as a list.

`FormReader.parse` runs in the web process before anything is stored; `read_forms` reads the inbox.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
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
from hagukumi.channels.imports.problems import Refused, named, refuse
from hagukumi.channels.inbox import Context, Raw, Unreadable
from hagukumi.channels.web.events import LONGEST_TOKEN, Site, Wrong, consent_of, page_of
from hagukumi.channels.web.visitors import Consent, Someone, people_of, remember, tie, visitor_hash
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.pipeline.forms import GROUPS, NOT_BY_FORM, Form
from hagukumi.pipeline.ng import Judge, NgRules
from hagukumi.words.import_problems import PROBLEMS
from hagukumi.words.web import FORM_LINK
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import where_in
from models.tables.keys import keyed_hash
from models.tables.schema import person
from models.tables.types import from_micros, to_micros

MOST_INPUTS = 100
LONGEST = 2_000
"""Characters of one input."""
SCRIPT = ("hk_visitor", "hk_notice", "hk_at", "hk_page", "hk_lang")
"""Inputs that our script adds once the visitor has consented, and the page's address and language."""
GROUND = "consent"
SAME_POST = timedelta(minutes=10)
"""Posts with the same inputs in the same ten minutes count once."""


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
    links = [name for name, one in inputs.items() if _brings_link(one.to, values.get(name, ""))]
    if links:
        raise Refusal([(name, "form-link", FORM_LINK) for name in links])
    language = "en" if given.get("hk_lang") == "en" else "ja"
    filled = {name: text for name, text in values.items() if text.strip()}
    post = Post(
        id=_id_of(form, filled, agreed, site, now),
        form=form.name,
        values=filled,
        agreed=agreed,
        language=language,
        page=page_of(given.get("hk_page"), site.origins),
        purpose_version=form.purpose.version,
        wording_hash=form.wording_hash(language),
        visitor=_visitor(given, site, now),
    )
    return orjson.dumps(tuple(post))


def _brings_link(to: str, text: str) -> bool:
    """Whether an address of the web stands where a name or title belongs: our letters would carry it to anybody."""
    return "custom." not in to and not to.endswith("domain") and "://" in unicodedata.normalize("NFKC", text)


def _id_of(form: Form, filled: Mapping[str, str], agreed: bool, site: Site, now: datetime) -> str:
    """The same for the same inputs within SAME_POST: a button pressed twice is one post."""
    stretch = int(now.timestamp() // SAME_POST.total_seconds())
    said = orjson.dumps([form.name, sorted(filled.items()), agreed, stretch]).decode()
    return keyed_hash(site.secret, f"form\x1f{said}")[:32]


_plans: dict[str, tuple[Form, Plan]] = {}


def plan_of(form: Form, fields: Mapping[str, CustomField]) -> Plan:
    """How the inputs are read: as a list of people with one row. Raises Refused for targets that do not exist."""
    made = _plans.get(form.name)
    if made is None or made[0] is not form:
        made = _plans[form.name] = (form, _plan_of(form, fields))
    return made[1]


def _plan_of(form: Form, fields: Mapping[str, CustomField]) -> Plan:
    columns = {
        ColumnName(name): Column(to=(FieldName(one.to),), required=one.required) for name, one in form.inputs().items()
    }
    constants = {FieldName(str(name)): text for name, text in form.constants.items()}
    mapping = ImportMapping(name=form.name, kind="people", columns=columns, constants=constants)
    plan = make_plan(mapping, [str(name) for name in columns], f"forms.yaml: {form.name}", fields)
    for cell in plan.cells:
        if cell.group not in GROUPS or cell.name in NOT_BY_FORM:
            raise refuse("import.field_unknown", f"forms.yaml: {form.name}", cell.name, "")
    return plan


def read_forms(conn: Connection, raws: Sequence[Raw], context: Context) -> None:
    """Posts of the inbox become leads, each with the ground that was given and the activity of the form."""
    for form, group in _groups([_filled(raw, context) for raw in raws]):
        _store(conn, form, group, context)


class _Filled(NamedTuple):
    """A post, read."""

    form: Form
    post: Post
    record: Record
    address: str
    at: datetime


def _filled(raw: Raw, context: Context) -> _Filled:
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
    if isinstance(record, Faulty) or "email" not in record.groups["person"]:
        raise Unreadable("form-values")
    at = context.moment(raw.at)
    if post.agreed:
        record.groups["consent"] = {
            "ground": GROUND,
            "got_at": at,
            "got_where": form.name,
            "page": post.page,
            "purpose_version": post.purpose_version,
            "wording_hash": post.wording_hash,
        }
    return _Filled(form, post, record, record.groups["person"]["email"].norm, at)


def _groups(filled: Sequence[_Filled]) -> Iterator[tuple[Form, list[_Filled]]]:
    """Posts that can be stored together: of one form, each from another address; their order stays."""
    group: list[_Filled] = []
    for one in filled:
        if group and (one.form is not group[0].form or any(one.address == other.address for other in group)):
            yield group[0].form, group
            group = []
        group.append(one)
    if group:
        yield group[0].form, group


def _store(conn: Connection, form: Form, group: Sequence[_Filled], context: Context) -> None:
    for number, one in enumerate(group, 1):
        one.record.number = number
    _add_nothing_known(conn, group)
    tally = People(_import_context(form, context)).write(conn, [one.record for one in group])
    if tally.rejected:
        raise Unreadable(tally.rejected[0].faults[0].code)
    writers = _writers(conn, group)
    told = [
        Arrival(
            person_id=writers[one.address].id, account_id=writers[one.address].account_id, kind=form.activity,
            occurred_at=one.at, known_at=context.now, content=str(form.content), source_id=f"form:{one.post.id}",
        )
        for one in group
    ]  # fmt: skip
    receive(conn, told)
    tied = [(one.post.visitor, writers[one.address]) for one in group if one.post.visitor is not None]
    if tied:
        consents = {browser: Consent(version, context.moment(from_micros(at))) for (browser, version, at), _ in tied}
        remember(conn, consents, context.now)
        tie(conn, {visitor[0]: someone for visitor, someone in tied}, "form", context.now)


def _writers(conn: Connection, group: Sequence[_Filled]) -> dict[str, Someone]:
    """Address -> who filled in the form; the import has just stored them."""
    query = select(person.c.email_norm, person.c.id).where(
        where_in(person.c.email_norm, [one.address for one in group])
    )
    ids: dict[str, int] = {row.email_norm: row.id for row in conn.execute(query)}
    people = people_of(conn, list(ids.values()))
    return {address: people[id_] for address, id_ in ids.items()}


def _add_nothing_known(conn: Connection, group: Sequence[_Filled]) -> None:
    """A form adds to somebody we know: what is known of them stands, whoever has typed their address.

    The custom fields are the form's own: the last answer counts.
    """
    query = select(person).where(where_in(person.c.email_norm, [one.address for one in group]))
    known = {row["email_norm"]: row for row in conn.execute(query).mappings()}
    names = {"full_name": "family_name", "full_kana": "family_kana"}
    for one in group:
        row, given = known.get(one.address), one.record.groups["person"]
        if row is None:
            continue
        for name in [name for name in given if name not in ("email", "occupation")]:
            if row.get(names.get(name, name)):
                del given[name]
        if row["account_id"] is not None:
            one.record.groups.pop("account", None)
            one.record.groups.pop("account_custom", None)


def _import_context(form: Form, context: Context) -> ImportContext:
    rules = context.rules
    return ImportContext(
        now=context.now, secret=context.secret, source=f"form:{form.name}", judge=_judge(rules.ng), roles=rules.roles,
        fields=rules.fields, by_themselves=True,
    )  # fmt: skip


_judges: list[tuple[NgRules, Judge]] = []
"""The judge of the rules in force; making one takes longer than a lead."""


def _judge(rules: NgRules) -> Judge:
    if not _judges or _judges[0][0] is not rules:
        _judges[:] = [(rules, Judge(rules, _disposable()))]
    return _judges[0][1]


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
