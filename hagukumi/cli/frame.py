"""What every command shares: its common options, how it answers, how it says no. Start with `command` and `run`."""

from __future__ import annotations

import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_type_hints

import typer
from typer.core import TyperGroup

from hagukumi.cli.wrong import WrongCall, say_wrong_call
from hagukumi.journeys.core.values import Words
from hagukumi.settings import Settings
from hagukumi.words.environment import environment_lang
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace, find

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from sqlalchemy import Engine

    from hagukumi.wiring import Wired

LANGUAGES = ("ja", "en")
COMMON = "共通 / Common"

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", metavar="DIR", help="ワークスペースのフォルダ / its folder", rich_help_panel=COMMON
    ),
]
LangOption = Annotated[
    str | None, typer.Option("--lang", metavar="ja|en", help="表示の言葉 / language", rich_help_panel=COMMON)
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSONで出力 / answer in JSON", rich_help_panel=COMMON)]


class Call:
    """One call of a command: where it works, in which language, and how it answers."""

    def __init__(self, folder: Path | None, lang: str | None, as_json: bool) -> None:
        if lang is not None and lang not in LANGUAGES:
            raise WrongCall(Words("--lang は ja か en です。", "--lang is ja or en."))
        self.folder = folder
        self.given_lang = lang
        self.as_json = as_json

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace named by -w, by HAGUKUMI_WORKSPACE or by the folder we are in."""
        return find(self.folder)

    @cached_property
    def settings(self) -> Settings:
        """Its hagukumi.yaml."""
        return self.workspace.read_settings()

    @cached_property
    def lang(self) -> str:
        """--lang, else the workspace's language, else that of the environment."""
        if self.given_lang is not None:
            return self.given_lang
        try:
            return self.settings.language
        except Exception:  # whatever is wrong with the workspace is said by the command itself, in some language
            return environment_lang()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The business zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.settings.zone)

    @cached_property
    def engine(self) -> Engine:
        """The workspace's database."""
        from hagukumi.privacy.opening import open_settled

        return open_settled(self.workspace)

    @cached_property
    def wired(self) -> Wired:
        """The workspace with everything it needs to run."""
        from hagukumi.wiring import wire

        return wire(self.workspace)

    @cached_property
    def today(self) -> date:
        """The day of the workspace's clock."""
        from hagukumi.database import identity
        from models.tables.engine import begin_read

        wired = self.__dict__.get("wired")
        with begin_read(self.engine if wired is None else wired.engine) as conn:
            return identity(conn).now.astimezone(self.zone).date()

    def day(self, at: datetime) -> str:
        """The day of an instant as people read it, with its year where that is not this year's."""
        from hagukumi.words.dates import day_by

        return day_by(at.astimezone(self.zone).date(), self.lang, self.today)

    def time(self, at: datetime) -> str:
        """The same with its clock time."""
        from hagukumi.words.dates import time_by

        return time_by(at, self.zone, self.lang, self.today)

    def close(self) -> None:
        """Gives the database's connections back."""
        for opened in (self.__dict__.get("engine"), getattr(self.__dict__.get("wired"), "engine", None)):
            if opened is not None:
                opened.dispose()

    @cached_property
    def console(self) -> Console:
        """The terminal, for people."""
        from rich.console import Console

        return Console(highlight=False, soft_wrap=False, emoji=False, markup=False)

    def answer(self, value: Any) -> None:
        """JSON for programs: stable keys, one value."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def say(self, ja: str, en: str) -> None:
        """One line for people."""
        if not sys.stdout.isatty():
            # Editors and scripts run checks after every save; rich would only copy the line.
            sys.stdout.write(f"{en if self.lang == 'en' else ja}\n")
            return
        from rich.text import Text

        from hagukumi.cli.fold import fold

        said = Text(en if self.lang == "en" else ja)
        self.show(fold(said, self.console.width) if self.console.is_terminal else said)

    def show(self, thing: Any) -> None:
        """Anything rich can print. In a file or a pipe lines are as long as they are."""
        self.console.print(thing, soft_wrap=not self.console.is_terminal)

    def leave(self, code: int) -> NoReturn:
        """Ends the command with an exit code."""
        raise typer.Exit(code)


def command(app: typer.Typer, name: str, **settings: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Registers a command whose first parameter is the Call; -w, --lang and --json are added to its own options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def called(ctx: typer.Context, **given: Any) -> None:
            outer = ctx.find_root().obj
            own = (given.pop("workspace"), given.pop("lang"), given.pop("json_"))
            _current[:] = [Call(*(mine or above for mine, above in zip(own, outer, strict=True)))]
            function(_current[0], **given)

        parameters = _parameters(function)
        named: Any = called
        named.__name__, named.__doc__ = function.__name__, function.__doc__
        named.__signature__ = inspect.Signature(parameters)
        named.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name, **settings)(named)
        return function

    return register


def _parameters(function: Callable[..., None]) -> list[inspect.Parameter]:
    """The function's own parameters after the Call, between the context and the common options."""
    hints = get_type_hints(function, include_extras=True)
    own = list(inspect.signature(function).parameters.values())[1:]
    common: tuple[tuple[str, Any, Any], ...] = (
        ("workspace", WorkspaceOption, None), ("lang", LangOption, None), ("json_", JsonOption, False),
    )  # fmt: skip
    kind = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter("ctx", kind, annotation=typer.Context),
        *(each.replace(kind=kind, annotation=hints[each.name]) for each in own),
        *(inspect.Parameter(name, kind, default=default, annotation=hint) for name, hint, default in common),
    ]


class Defaulting(TyperGroup):
    """Commands under one name, of which `list` may be left out: `letters waiting` is `letters list waiting`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `list` in where no command is named."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help of the commands, and that of `list` below it."""
        super().format_help(ctx, formatter)
        plain = self.commands["list"]
        plain.format_help(plain.context_class(plain, info_name="list", parent=ctx), formatter)


_current: list[Call] = []
"""The call being served, so that a refusal is said in its language."""


def run(app: typer.Typer, arguments: list[str]) -> int:
    """Runs one command line and returns its exit code; whatever goes wrong becomes a sentence."""
    _current.clear()
    as_json = "--json" in arguments
    try:
        code = _built(app).main(arguments, prog_name="hagukumi", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        _complain("interrupted", Words("中断しました。", "Interrupted."), as_json)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone; nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except WrongCall as wrong:
        _complain("wrong-call", wrong.words, as_json)
        return 2
    except NotDone as refusal:
        _complain(refusal.code, refusal.words, as_json)
        return 1
    except Exception as trouble:
        return _unforeseen(trouble, as_json)
    finally:
        for call in _current:
            call.close()


@cache
def _built(app: typer.Typer) -> Any:
    """All commands, once a process."""
    return typer.main.get_command(app)


def _unforeseen(trouble: Exception, as_json: bool) -> int:
    wrong = say_wrong_call(trouble)
    if wrong is not None:
        if wrong.en:
            _complain("wrong-call", wrong, as_json)
        return 2
    if trouble.__class__.__module__ == "models.tables.errors":
        words = Words(getattr(trouble, "ja", str(trouble)), getattr(trouble, "en", str(trouble)))
        _complain(getattr(trouble, "code", "database"), words, as_json)
        return 1
    where = _write_report(trouble)
    _complain(
        "unforeseen",
        Words(
            f"予期しない問題が起き、処理を中止しました。{where} の内容を添えて開発元へお知らせください。",
            f"Something unforeseen happened and the command was given up. Please report it with {where}.",
        ),
        as_json,
    )
    return 1


def _write_report(trouble: Exception) -> str:
    """Stores where it happened under var/log. Messages are left out: they may quote a name or an address."""
    text = "".join(_places(trouble))
    try:
        folder = (_current[0].workspace.var if _current else find().var) / "log"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"trouble-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.txt"
        file.write_text(text, "utf-8")
    except (OSError, NotDone):
        return type(trouble).__name__
    return str(file)


def _places(trouble: BaseException | None) -> Iterator[str]:
    """The frames of the failure and of what led to it, the first cause first."""
    if trouble is not None:
        yield from _places(trouble.__cause__ or trouble.__context__)
        yield f"{type(trouble).__module__}.{type(trouble).__name__}\n"
        yield from traceback.format_tb(trouble.__traceback__)


def _complain(code: str, words: Words, as_json: bool) -> None:
    lang = _lang_of_complaint()
    if as_json:
        said = {"error": {"code": code, "message": words.say(lang)}}
        sys.stderr.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(words.say(lang) + "\n")


def _lang_of_complaint() -> str:
    if _current:
        return _current[0].lang
    given = sys.argv[sys.argv.index("--lang") + 1 :][:1] if "--lang" in sys.argv else []
    return given[0] if given and given[0] in LANGUAGES else environment_lang()
