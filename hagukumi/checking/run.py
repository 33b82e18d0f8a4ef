"""One check over files or a whole workspace: what a file is decides who looks at it. Start with `check_files`.

Proof-reading letters needs what prints them, so it is imported where letters are looked at.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hagukumi.checking import rules, settings
from hagukumi.checking.found import Checked, Findings
from hagukumi.checking.kinds import YAML_ENDINGS, Kind, kind_of
from hagukumi.checking.known import Known
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.language.scenario import Scenario
from hagukumi.rule_files import RULES, STAFF, WEBINARS
from hagukumi.workspace import Workspace


def check_workspace(workspace: Workspace) -> Checked:
    """Everything in the workspace. Raises nothing for bad input."""
    from hagukumi.checking import letters

    known, found = Known(workspace), Findings()
    for path in _files_of(workspace):
        _check(path, known, found)
    _strays(known, found)
    letters.check_all(known, found)
    return found.checked()


def check_files(workspace: Workspace, paths: Sequence[Path] = ()) -> Checked:
    """These files and folders, wherever they lie; everything when none is named. Raises nothing for bad input."""
    if not paths:
        return check_workspace(workspace)
    known, found = Known(workspace), Findings()
    for path in paths:
        _given(_meant(path, workspace), known, found)
    _sent(known, found)
    # Errors in what these files build on would make them wrong as well.
    for loaded in known.all_read():
        found.quote(loaded.source)
        found.problems += [each for each in loaded.problems if each.is_error]
    return found.checked()


def check_letters(workspace: Workspace, names: Collection[str], sources: Mapping[str, str] | None = None) -> Checked:
    """These letters, nothing else; sources: their texts by path where it is not the files' own that are meant."""
    from hagukumi.checking import letters

    known, found = Known(workspace), Findings()
    if sources is not None:
        known.take_library(sources)
    letters.check_letters(sorted(set(names) & set(known.library.names())), known, found)
    return found.checked()


def _sent(known: Known, found: Findings) -> None:
    """Errors in the letters that the scenarios send: each is stopped for whoever is to get it, for good."""
    if not found.sends:
        return
    from hagukumi.checking import letters

    within = Findings()
    letters.check_letters(sorted(found.sends & set(known.library.names())), known, within)
    found.problems += [each for each in within.problems if each.is_error]
    found.sources |= within.sources | found.sources


def _meant(path: Path, workspace: Workspace) -> Path:
    """The path as given, or inside the workspace when only there is such a file: messages name files that way."""
    inside = workspace.folder / path
    return inside if not os.path.lexists(path) and os.path.lexists(inside) else path


def _files_of(workspace: Workspace) -> Iterator[Path]:
    yield workspace.settings_file
    yield from (workspace.folder / name for name in (STAFF, WEBINARS) if (workspace.folder / name).exists())
    rules_folder = workspace.scenarios / "rules"
    yield from (rules_folder / name for name in RULES if (rules_folder / name).exists())
    for folder in ("mappings", ".", "plays"):
        yield from sorted((workspace.scenarios / folder).glob("*.yaml"))


def _strays(known: Known, found: Findings) -> None:
    """Files that look like a part of the workspace and are read by nobody."""
    scenarios = known.workspace.scenarios
    for path in sorted([*scenarios.glob("*.yml"), *scenarios.glob("plays/*.yml"), *scenarios.glob("mappings/*.yml")]):
        found.at("check.yml", known.shown(path), name=path.name, wanted=f"{path.stem}.yaml")
    for path in sorted((scenarios / "rules").glob("*")):
        if path.suffix in YAML_ENDINGS and path.name not in RULES:
            near = nearest(path.name, RULES)
            found.at("check.rules_unread", known.shown(path), name=path.name, known=", ".join(RULES), near=near)


def _given(path: Path, known: Known, found: Findings) -> None:
    shown = known.shown(path)
    try:
        folder, strange = path.is_dir(), path.exists() and not path.is_file()
    except (OSError, ValueError) as error:
        found.at("file.unreadable", shown, reason=type(error).__name__)
        return
    if folder:
        _folder(path, known, found)
    elif strange:
        # Reading from a pipe or a device may never end.
        found.at("file.unreadable", shown, reason="pipe, socket, device")
    else:
        _check(path, known, found)


def _folder(folder: Path, known: Known, found: Findings) -> None:
    workspace, real = known.workspace, Path(os.path.realpath(folder))
    root, templates = (Path(os.path.realpath(each)) for each in (workspace.folder, workspace.templates))
    inside = [path for path in _files_of(workspace) if Path(os.path.realpath(path)).is_relative_to(real)]
    for path in inside:
        _check(path, known, found)
    if real.is_relative_to(root) and (templates.is_relative_to(real) or real.is_relative_to(templates)):
        from hagukumi.checking import letters

        letters.check_all(known, found, real)
    elif not inside:
        others = sorted(path for path in folder.glob("*") if path.suffix in YAML_ENDINGS and path.is_file())
        for path in others:
            _check(path, known, found)
        if not others:
            found.at("check.folder_empty", known.shown(folder))


def _check(path: Path, known: Known, found: Findings) -> None:
    shown = known.shown(path)
    if not os.path.lexists(path):
        found.at("file.missing", shown)
        return
    kind, type_ = kind_of(path, known.workspace)
    if kind in (Kind.TEMPLATE, Kind.LOOSE_TEMPLATE):
        from hagukumi.checking import letters

        look = letters.check_file if kind is Kind.TEMPLATE else letters.check_loose
        look(path, known, found)
        return
    found.looked_at.add(shown)
    match kind:
        case Kind.SETTINGS:
            settings.check_settings(path, known, found)
        case Kind.STAFF:
            settings.check_staff(path, known, found)
        case Kind.WEBINARS:
            settings.check_webinars(path, known, found)
        case Kind.RULES:
            assert type_ is not None
            rules.check_rules(path, type_, known, found)
        case Kind.MAPPING:
            settings.check_mapping(path, known, found)
        case Kind.SCENARIO:
            _scenario(path, known, found)
        case Kind.LIST:
            found.at("check.list", shown)
        case Kind.STRANGE:
            found.at("check.strange", shown)


def _scenario(path: Path, known: Known, found: Findings) -> None:
    from hagukumi.simulate.examples import check_examples

    loaded: Any = known.load_scenario(path)
    found.quote(loaded.source)
    compiled = known.compile(loaded)
    found.problems += compiled.problems
    scenario: Scenario | None = loaded.value
    if compiled.program is not None and scenario is not None:
        found.sends.update(compiled.program.contents)
        letters_known = known.vocabulary.letters
        found.problems += check_examples(
            scenario, compiled.program, loaded.file, rules=known.defaults, letters=letters_known, zone=known.zone
        )
