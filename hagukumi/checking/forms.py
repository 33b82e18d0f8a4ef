"""Checks forms.yaml beyond its form: fields that a stranger may fill, content that exists. Start with `check_forms`."""

from __future__ import annotations

from typing import Any

from hagukumi.channels.imports.targets import targets
from hagukumi.checking.found import Findings
from hagukumi.checking.known import Known
from hagukumi.checking.settings import SITE
from hagukumi.journeys.language.binder import Path
from hagukumi.journeys.language.load import Loaded
from hagukumi.journeys.language.problems import nearest
from hagukumi.pipeline.forms import GROUPS, NOT_BY_FORM, Form, FormRules, Input


def check_forms(loaded: Loaded[Any], rules: FormRules, known: Known, found: Findings) -> None:
    """All of the file."""
    may = sorted(
        name
        for name, target in targets("people", known.fields).items()
        if target.group in GROUPS and name not in NOT_BY_FORM and (target.group, target.name) != ("account", "key")
    )
    seen: dict[str, int] = {}
    for number, form in enumerate(rules.forms):
        place = ("forms", number)
        found.once("forms.twice", loaded, (*place, "name"), form.name, seen)
        _fields(loaded, form, place, may, found)
        pieces = known.vocabulary.pieces
        if pieces is not None and form.content not in pieces:
            near = nearest(form.content, pieces)
            found.tell("forms.content", loaded, (*place, "content"), name=form.content, near=near)
        if form.thanks and SITE.fullmatch(form.thanks) is None:
            found.tell("settings.site", loaded, (*place, "thanks"), key="thanks", text=form.thanks)


def _fields(loaded: Loaded[Any], form: Form, place: Path, may: list[str], found: Findings) -> None:
    told = [(("fields", name), given.to if isinstance(given, Input) else given) for name, given in form.fields.items()]
    sound = True
    for path, field in told:
        if field not in may:
            sound = False
            where = (*place, *map(str, path))
            found.tell("forms.field", loaded, where, name=field, near=nearest(str(field), may))
    if sound and not any(field == "email" for _, field in told):
        found.tell("forms.no_email", loaded, (*place, "fields"), name=form.name)
