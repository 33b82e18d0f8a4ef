"""Tells what happened in the example, so that every number is a part of another, and what to try next."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hagukumi.demo.cases import Case, find_cases
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.pipeline.ng import REASONS as NG_REASONS
from hagukumi.reading.names import titles
from hagukumi.reading.say import Names, sentence
from hagukumi.words import demo as words
from hagukumi.words.dates import say_time
from hagukumi.words.names import DEAL_STAGES, LETTER_STATES, POSTING_STATES, STAGES, name_of
from hagukumi.words.priority import REACTIONS
from hagukumi.words.review import OUTCOMES
from hagukumi.workspace import CHECKOUT
from models.tables.engine import begin_read

if TYPE_CHECKING:
    from rich.console import Console

    from hagukumi.demo.campaign import Campaigned
    from hagukumi.demo.days import Progress
    from hagukumi.demo.run import Played

MOST_REASONS = 7
SENT = ("accepted", "delivered", "bounced", "unknown")
NOT_SENT = ("stopped", "rejected", "dropped", "withdrawn")


class Report:
    """Speaks one language on one console."""

    def __init__(self, console: Console, lang: str) -> None:
        self.console, self.lang = console, lang

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A bar on a terminal; a line a part elsewhere."""
        if not self.console.is_terminal:
            yield self._lines()
            return
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        with Bar(*columns, console=self.console, transient=True) as bar:
            shown = bar.add_task("", total=1.0)
            yield lambda part, share: bar.update(shown, completed=share, description=self._say(words.PARTS[part]))

    def _lines(self) -> Progress:
        said: set[str] = set()

        def told(part: str, share: float) -> None:
            if part not in said:
                said.add(part)
                self._print(self._say(words.PARTS[part]) + "…")

        return told

    def tell(self, played: Played) -> None:
        """Everything, in the order in which it happened."""
        wired = played.wired
        with begin_read(wired.engine) as conn:
            names = titles(conn, self.lang, wired.files.compile_stored, wired.files.content_names.get)
            self._head(played)
            parts = (self._lists, self._scenarios, self._letters, self._deeds, self._desk, self._accounts)
            for heading, tell in zip(words.HEADINGS, parts, strict=True):
                self._print("")
                self._print(self._say(heading, days=played.days), "bold")
                tell(played, names)
            self._next(played, find_cases(conn, played.by))

    def _head(self, played: Played) -> None:
        settings = played.wired.files.settings
        zone = ZoneInfo(settings.zone)
        start, end = (say_time(at, zone, self.lang, year=True) for at in (played.start, played.end))
        took = played.seconds
        self._print("")
        self._print(self._say(words.TITLE, name=settings.name), "bold")
        self._print(self._say(words.LIVED, start=start, end=end, days=played.days, seconds=f"{took.total:.0f}"))
        self._print(self._say(words.TOOK, **{part: f"{spent:.1f}" for part, spent in took._asdict().items()}), "dim")

    def _lists(self, played: Played, names: Names) -> None:
        rows: dict[str, list[int]] = {}
        for one in played.brought:
            told = one.report.as_json()
            row = rows.setdefault(one.kind, [0, 0, 0, 0, 0, 0])
            numbers = (1, *(told[name] for name in ("read", "created", "updated", "unchanged", "rejected")))
            rows[one.kind] = [before + number for before, number in zip(row, numbers, strict=True)]
        self._table(words.ROWS, [(self._say(words.LISTS[kind]), *numbers) for kind, numbers in rows.items()])
        if any(one.report.rejects_file for one in played.brought):
            self._line(self._say(words.REJECTS, folder=_shown(played.wired.workspace.var / "rejects")))
        doubtful = sum(one.report.doubted for one in played.brought)
        if doubtful:
            self._line(self._say(words.DOUBTFUL, number=_n(doubtful)))

    def _scenarios(self, played: Played, names: Names) -> None:
        told = played.tally
        out = sum(told.kept_out.values())
        self._line(self._say(words.PEOPLE, people=_n(told.people), entered=_n(told.entered), out=_n(out)))
        self._counted({self._say(_kept(code)): number for code, number in told.kept_out.items()})
        rows = [
            (
                names(part.scenario), part.visits, part.inside, part.set_aside, part.ended, sum(part.letters.values()),
                _of(part.letters, SENT), _waiting(part.letters), _of(part.letters, NOT_SENT),
            )
            for part in told.parts
        ]  # fmt: skip
        total = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)] or [0] * 8
        # Nothing is set aside on a good day; the column would only be in the way.
        keep = [n for n in range(9) if n != 3 or total[2]]
        table: list[tuple[str | int, ...]] = [*rows, (self._say(words.SUM), *total)]
        self._print("")
        self._table([words.SCENARIOS[n] for n in keep], [[row[n] for n in keep] for row in table], last_bold=True)
        self._line(self._say(words.TWICE, visits=_n(told.total("visits")), people=_n(told.entered)))
        self._line(self._say(words.ENDED, ended=_n(told.total("ended"))))
        self._counted(self._said(told.ended, names))

    def _letters(self, played: Played, names: Names) -> None:
        told = played.tally
        total = sum(told.letters.values())
        self._line(self._say(words.LETTERS, total=_n(total), parts=self._states(told.letters)))
        if told.apart:
            self._line(self._say(words.APART, number=_n(sum(told.apart.values()))))
        of_plays = sum(sum(part.letters.values()) for part in told.plays)
        if of_plays:
            self._line(self._say(words.OF_PLAYS, number=_n(of_plays)))
        unsent = sum(told.unsent.values())
        if unsent:
            self._line(self._say(words.NOT_SENT, number=_n(unsent)))
            self._counted(self._said(told.unsent, names))
        if told.delayed:
            self._line(self._say(words.DELAYED, number=_n(told.delayed)))
        settings = played.wired.files.settings
        self._line(self._say(words.OUTBOX, folder=_shown(played.wired.workspace.folder / settings.outbox / "new")))

    def _states(self, letters: Mapping[str, int]) -> str:
        """送信済み 586(うち不達 2) + 見送り 41: what has left is one number, as in the table above."""
        sent = f"{self._say(words.SENT)} {_n(_of(letters, SENT))}"
        special = [(state, letters[state]) for state in SENT[2:] if letters.get(state)]
        if special:
            sent = self._say(words.OF_WHICH, what=sent, parts=self._list(special, "、" if self.lang == "ja" else ", "))
        rest = [(state, letters[state]) for state in LETTER_STATES if state not in SENT and letters.get(state)]
        return " + ".join([sent, self._list(rest, " + ")] if rest else [sent])

    def _list(self, states: Sequence[tuple[str, int]], between: str) -> str:
        return between.join(f"{name_of(LETTER_STATES, state, self.lang)} {_n(number)}" for state, number in states)

    def _deeds(self, played: Played, names: Names) -> None:
        told, rows = played.tally.reactions, []
        for kind in (*words.REACTIONS, *(kind for kind in told if kind not in words.REACTIONS)):
            if kind in told:
                people, machines = told[kind]
                rows.append((name_of(words.REACTIONS, kind, self.lang), people + machines, people, machines))
        self._table(words.KINDS, rows)
        judged = {name: _n(number) for name, number in played.judged._asdict().items()}
        for line in words.JUDGED:
            self._line(self._say(line, **judged, missed=_n(played.judged.missed)))

    def _desk(self, played: Played, names: Names) -> None:
        told = played.tally
        self._line(self._say(words.JUMPS, jumps=_n(told.jumps), handed_over=_n(told.handed_over)))
        states = {
            state: _n(sum(number for (_, stands), number in told.tasks.items() if stands == state))
            for state in ("done", "open", "withdrawn")
        }
        self._line(self._say(words.TASKS, total=_n(sum(told.tasks.values())), **states))
        self._line(self._say(words.SHARED))
        if told.deals:
            stages = [stage for stage in ("open", "won", "lost") if stage in told.deals]
            parts = " + ".join(f"{name_of(DEAL_STAGES, one, self.lang)} {_n(told.deals[one])}" for one in stages)
            self._line(self._say(words.DEALS, total=_n(sum(told.deals.values())), parts=parts))

    def _accounts(self, played: Played, names: Names) -> None:
        told = played.campaign
        if not told.accounts:
            self._line(self._say(words.NO_LIST))
            return
        rest = sum(told.not_started.values())
        self._line(self._say(words.STANDING, total=_n(told.started + rest), started=_n(told.started), rest=_n(rest)))
        self._counted(_sums((self._say(_not_begun(code)), number) for code, number in told.not_started.items()))
        if told.later:
            self._line(self._say(words.LATER, number=_n(told.later)))
        themes = played.wired.files.themes
        rows = [
            (
                f"{one.tier} {one.name}", f"{one.priority:.1f}", f"{one.intent:.1f}",
                name_of(REACTIONS, one.reaction, self.lang),
                themes[one.theme].say(self.lang) if one.theme in themes else "–",
            )
            for one in told.accounts
        ]  # fmt: skip
        self._print("")
        self._table(words.ACCOUNTS, rows)
        self._campaign(told)

    def _campaign(self, told: Campaigned) -> None:
        """What the play did, and the review; each sum with its parts."""
        if told.letters:
            total = sum(told.letters.values())
            self._line(self._say(words.PLAY_LETTERS, total=_n(total), parts=self._states(told.letters)))
        for said, counts, called in (
            (words.PLAY_POSTS, told.posts, POSTING_STATES), (words.PLAY_TASKS, told.tasks, words.ASKED),
        ):  # fmt: skip
            if counts:
                total, parts = sum(counts.values()), self._parts(counts, called)
                self._line(self._say(said, total=_n(total), parts=parts))
        for name, number in told.audiences.items():
            self._line(self._say(words.PLAY_ADS, name=name, number=_n(number)))
        if told.reviewed is not None:
            number, decided = told.reviewed
            total, parts = sum(decided.values()), self._parts(decided, OUTCOMES)
            self._line(self._say(words.REVIEWED, number=number, total=_n(total), parts=parts))
        if told.waiting is not None:
            number, undecided = told.waiting
            self._line(self._say(words.WAITING_REVIEW, number=number, open=_n(undecided)))

    def _parts(self, counts: Mapping[str, int], called: Mapping[str, Words]) -> str:
        return " + ".join(f"{name_of(called, code, self.lang)} {_n(counts[code])}" for code in called if code in counts)

    def _next(self, played: Played, case: Case) -> None:
        self._print("")
        self._print(self._say(words.NEXT), "bold")
        for command, said in (*case.suggestions(), *played.campaign.suggestions()):
            self._print(f"  {_program(played)} {command}", "cyan")
            self._print(f"      {self._say(said)}", "dim")

    def _said(self, reasons: Mapping[Why, int], names: Names) -> dict[str, int]:
        """Reasons as sentences; two that sound alike are one."""
        found: dict[str, int] = {}
        for why, number in reasons.items():
            # An author's own words for an end say it without the word for it.
            said = why.args[0] if why.code == "ended" and why.args else sentence(why, self.lang, names)
            if why.code == "stop_same_content":
                said = self._say(words.SAME_CONTENT)
            found[said] = found.get(said, 0) + number
        return found

    def _counted(self, numbers: Mapping[str, int]) -> None:
        """The most frequent first; a long tail is one line."""
        ranked = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
        for what, number in ranked[:MOST_REASONS]:
            self._line(f"{number:>7,}  {what}")
        rest = sum(number for _, number in ranked[MOST_REASONS:])
        if rest:
            self._line(f"{rest:>7,}  {self._say(words.OTHER_REASONS)}")

    def _table(self, header: Sequence[Words], rows: Iterable[Sequence[str | int]], *, last_bold: bool = False) -> None:
        from rich.table import Table

        rows = list(rows)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for number, title in enumerate(header):
            table.add_column(self._say(title), justify="left" if number == 0 else "right", overflow="fold")
        for number, row in enumerate(rows):
            style = "bold" if last_bold and number == len(rows) - 1 else None
            table.add_row(*(each if isinstance(each, str) else _n(each) for each in row), style=style)
        from rich.padding import Padding

        self.console.print(Padding(table, (0, 0, 0, 2)))

    def _say(self, said: Words, **values: object) -> str:
        return said.say(self.lang).format(**values)

    def _line(self, line: str) -> None:
        self._print("  " + line)

    def _print(self, line: str, style: str | None = None) -> None:
        self.console.print(line, style=style, soft_wrap=True)


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Numbers under the same words are one."""
    found: dict[str, int] = {}
    for said, number in pairs:
        found[said] = found.get(said, 0) + number
    return found


def _not_begun(code: str) -> Words:
    return words.NOT_READY.get(code, words.NOT_BEGUN)


def _n(number: int) -> str:
    return f"{number:,}"


def _of(letters: Mapping[str, int], states: Sequence[str]) -> int:
    return sum(letters.get(state, 0) for state in states)


def _waiting(letters: Mapping[str, int]) -> int:
    return sum(letters.values()) - _of(letters, SENT) - _of(letters, NOT_SENT)


def _kept(code: str) -> Words:
    if code == "lead":
        return words.NOBODY_S
    return NG_REASONS.get(code) or STAGES.get(code) or Words(code, code)


def _shown(path: Path) -> str:
    """As short as it can be typed from here."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("..") else shown


def _program(played: Played) -> str:
    """How to call the command from here, for this workspace."""
    program = _shown(CHECKOUT / ".venv" / "bin" / "hagukumi")
    folder = played.wired.workspace.folder
    return program if folder == Path.cwd() else f"{program} -w {_shown(folder)}"
