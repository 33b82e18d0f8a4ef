"""Checks hagukumi.yaml, staff.yaml and mappings beyond their form. Start with the function of the file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hagukumi.channels.imports.mapping import Mapping
from hagukumi.checking.found import Findings
from hagukumi.checking.known import Known, is_zone
from hagukumi.journeys.language.conditions import known_keys
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.problems import TOP, nearest
from hagukumi.pipeline.content import ContentRules
from hagukumi.pipeline.staff import StaffList
from hagukumi.pipeline.webinars import WebinarList, faults
from hagukumi.settings import Settings, blanks, lacks_notice
from hagukumi.workspace import Workspace

ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
SITE = re.compile(r"https?://[^\s/?#]+\.?[^\s]*")
_NEEDS_IT_WHOLE = {"import.no_key", "import.field_twice"}


def check_settings(path: Path, known: Known, found: Findings) -> None:
    """hagukumi.yaml: addresses, zone, fields, and in a real workspace what the law wants filled in."""
    loaded = known.read(path, Settings)
    found.take(loaded)
    settings = loaded.value
    if settings is None:
        return
    if not is_zone(settings.zone):
        found.tell("settings.zone", loaded, ("zone",), zone=settings.zone)
    sender = settings.sender
    for place, text, form, code in (
        (("sender", "email"), sender.email, ADDRESS, "settings.email"),
        (("sender", "site"), sender.site, SITE, "settings.site"),
        (("sender_en", "email"), settings.sender_en.email, ADDRESS, "settings.email"),
        (("sender_en", "site"), settings.sender_en.site, SITE, "settings.site"),
        (("base_url",), settings.base_url, SITE, "settings.site"),
        (("tracking", "notice_url"), settings.tracking.notice_url, SITE, "settings.site"),
    ):
        if text.strip() and form.fullmatch(text) is None:
            found.tell(code, loaded, place, key=".".join(place), text=text)
    _tracking(loaded, settings, found)
    _fields(loaded, settings, found)
    _blanks(known.workspace, loaded, settings, found)


def _tracking(loaded: Loaded[Settings], settings: Settings, found: Findings) -> None:
    """Links say who followed them only where people were told, on a page with a version."""
    if lacks_notice(settings):
        found.tell("settings.notice", loaded, ("tracking", "links"))


def _fields(loaded: Loaded[Settings], settings: Settings, found: Findings) -> None:
    taken = known_keys({})
    for name, field in settings.fields.items():
        place = ("fields", str(name))
        if name in taken:
            found.tell_key("settings.field_taken", loaded, place, name=name)
        if field.type == "choice" and not field.values:
            found.tell_key("settings.field_values", loaded, place, name=name)
        if field.type != "choice" and field.values:
            found.tell_key("settings.field_no_choice", loaded, (*place, "values"), name=name)


def _blanks(workspace: Workspace, loaded: Loaded[Settings], settings: Settings, found: Findings) -> None:
    if workspace.nature != "real":
        return
    told = [(blank.entry, blank.words) for blank in blanks(settings)]
    if not settings.base_url.strip():
        told.append(("base_url", Settings.__dataclass_fields__["base_url"].metadata["doc"]))
    for key, words in told:
        place = tuple(key.split("."))
        written = loaded.marks.values.get(place)
        # What is not written at all is told at the block it belongs to.
        mark = written if written is not None else loaded.marks.keys.get(place[:1], TOP)
        found.at("settings.blank", loaded.file, mark, key=key, what__ja=words.ja, what__en=words.en)


def check_staff(path: Path, known: Known, found: Findings) -> None:
    """staff.yaml: everybody once, and days away that begin before they end."""
    loaded = known.read(path, StaffList)
    found.take(loaded)
    if loaded.value is None:
        return
    seen: dict[str, int] = {}
    for number, member in enumerate(loaded.value.staff):
        place = ("staff", number)
        found.once("staff.twice", loaded, (*place, "key"), member.key, seen)
        if member.absent is not None and member.absent.first > member.absent.last:
            found.tell("staff.absent", loaded, (*place, "absent"), first=member.absent.first, last=member.absent.last)
        if member.email and ADDRESS.fullmatch(member.email) is None:
            found.tell("settings.email", loaded, (*place, "email"), key="email", text=member.email)


def check_webinars(path: Path, known: Known, found: Findings) -> None:
    """webinars.yaml: every date once, themes and contents that exist."""
    loaded = known.read(path, WebinarList)
    found.take(loaded)
    if loaded.value is None:
        return
    seen: dict[str, int] = {}
    for number, one in enumerate(loaded.value.webinars):
        found.once("webinars.twice", loaded, ("webinars", number, "name"), one.name, seen)
    own = known.read_rules(ContentRules)
    pieces = frozenset(str(piece.name) for piece in own.contents) if own is not None else frozenset()
    for fault in faults(loaded.value, frozenset(known.themes), pieces):
        found.tell(f"webinars.{fault.code}", loaded, fault.path, **{str(n): arg for n, arg in enumerate(fault.args)})


def check_mapping(path: Path, known: Known, found: Findings) -> None:
    """A mapping, as it would be made ready for a list that has every column it names; of a broken one what is left."""
    from hagukumi.channels.imports.making import make_plan, named_columns
    from hagukumi.channels.imports.problems import Refused

    loaded = known.read(path, Mapping)
    found.take(loaded)
    if loaded.draft is None:
        return
    mapping = replace(loaded.draft, name=path.stem, file_name=loaded.file, places=loaded.marks)
    try:
        plan = make_plan(mapping, named_columns(mapping), mapping.name, known.fields)
        if mapping.kind == "intent":
            _check_source(loaded, mapping.source or mapping.name, plan.fills("signal"), known, found)
    except Refused as refused:
        whole = loaded.value is not None
        found.problems += [each for each in refused.problems if whole or each.code not in _NEEDS_IT_WHOLE]


def _check_source(loaded: Loaded[Mapping], name: str, fills: set[str], known: Known, found: Findings) -> None:
    """The list of intent.yaml that a mapping of signals is for."""
    source = known.intent.list_named(name)
    if source is None:
        near = nearest(name, [each.id for each in known.intent.lists])
        found.tell("import.source", loaded, ("source",), x=name, y=f" ({near}?)" if near else "")
    elif source.measure == "score" and "score" not in fills:
        found.tell_key("import.no_score", loaded, ("columns",), x=name)
