"""A sender that dies at one boundary after the other, from the same start: `python -m tests.storm.boundaries`.

Prints what there is to blame as JSON. Start with `Company`.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine, make_url, select

from models.tables.engine import begin_read, open_engine
from models.tables.schema import letter, person
from tests.faults.process import FaultServer
from tests.storm.company import FIRST_DAY, Size, found
from tests.storm.hands import Death, Orders, work
from tests.storm.judge import Day, Life, Verdict, judge
from tests.storm.life import FORK, at_home

SMALL = Size(6, 3, at_once=2)
PATIENCE = 30.0
KILLED = -9


class Morning(NamedTuple):
    """What there is to blame, and how each process ended."""

    verdict: Verdict
    exits: list[int]


class Databases:
    """One database a home: on SQLite a file in it, on a PostgreSQL server one of that name."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder, self.server = folder, server

    def new(self, name: str) -> str:
        """An empty one."""
        return self._made(name, f'CREATE DATABASE "storm-{name}"')

    def copy(self, of: str, name: str) -> str:
        """One like another; on SQLite it has come along with its folder."""
        return self._made(name, f'CREATE DATABASE "storm-{name}" TEMPLATE "storm-{of}"')

    def drop(self, name: str) -> None:
        """It is needed no more."""
        if self.server is not None:
            self._run(f'DROP DATABASE "storm-{name}" WITH (FORCE)')

    def _made(self, name: str, statement: str) -> str:
        if self.server is None:
            return f"sqlite:///{self.folder / name / 'var' / 'hagukumi.db'}"
        self._run(statement)
        return make_url(self.server).set(database=f"storm-{name}").render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        assert self.server is not None
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.exec_driver_sql(statement)
        engine.dispose()


class Company:
    """A company on its first morning, copied for each death; letters go to `server`."""

    def __init__(
        self, folder: Path, server: FaultServer, patience: float = PATIENCE, postgres: str | None = None
    ) -> None:
        self.folder, self.server, self.patience = folder, server, patience
        self.home = folder / "home"
        self.databases = Databases(folder, postgres)
        with at_home(self.databases.new("home")):
            found(self.home, SMALL, server.url).engine.dispose()

    def undisturbed(self) -> tuple[Morning, list[str]]:
        """A morning without a death, and the names of all boundaries that were passed."""
        trace = self.folder / "trace"
        morning = self._morning("undisturbed", [Orders(self.home, "", _ahead(), trace=trace, until_idle=True)])
        return morning, [line.partition(" ")[2] for line in trace.read_text("utf-8").splitlines()]

    def dies_at(self, number: int) -> Morning:
        """It dies at that boundary, and another one takes over."""
        first = Orders(self.home, "", _ahead(), Death(at=number), until_idle=True)
        return self._morning(f"death-{number}", [first, first._replace(death=Death())])

    def _morning(self, name: str, lives: Sequence[Orders]) -> Morning:
        home, began, known = self.folder / name, time.time(), len(self.server.log())
        shutil.copytree(self.home, home)
        url = self.databases.copy("home", name)
        exits = []
        for orders in lives:
            hand = FORK.Process(target=work, args=(orders._replace(folder=home, url=url),))
            hand.start()
            hand.join(self.patience)
            hand.kill()
            hand.join()
            exits.append(hand.exitcode or 0)
            hand.close()
        verdict = self._judged(url, began, known)
        shutil.rmtree(home)
        self.databases.drop(name)
        return Morning(verdict, exits)

    def _judged(self, url: str, began: float, known: int) -> Verdict:
        engine = open_engine(url)
        with begin_read(engine) as conn:
            states = dict(conn.execute(select(letter.c.key, letter.c.state)).tuples().all())
            people = dict(conn.execute(select(person.c.id, person.c.email_norm)).tuples().all())
        engine.dispose()
        houses = {address: address.partition("@")[2] for address in people.values()}
        expected = frozenset(f"first/a1/1/p{id_}/{id_}" for id_ in people)
        log, days = self.server.log()[known:], [Day(began, FIRST_DAY.date())]
        return judge(Life(log, days, states, {}, houses, expected))


def _ahead() -> timedelta:
    return FIRST_DAY - datetime.now(UTC)


def deaths(
    folder: Path, every: int = 1, patience: float = PATIENCE, *, first: bool = False, server_url: str | None = None
) -> dict[str, Any]:
    """Dies at every boundary (or at each `every`-th): how many there are, deaths, and breaches by what they are.

    patience: seconds a process may take. first: ends with the first death that brings a breach.
    server_url: of a PostgreSQL server; None is SQLite.
    """
    with FaultServer(folder) as server:
        company = Company(folder, server, patience, server_url)
        calm, names = company.undisturbed()
        found = Counter[str]()
        found.update({what: len(each) for what, each in calm.verdict._asdict().items() if each})
        died = 0
        for number in range(1, len(names) + 1, every):
            if found and first:
                break
            morning = company.dies_at(number)
            died += morning.exits[0] == KILLED
            found.update({what: len(each) for what, each in morning.verdict._asdict().items() if each})
    return {"boundaries": Counter(names), "deaths": died, "breaches": dict(found)}


def main() -> None:
    """Dies and tells."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm.boundaries", description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds a process may take")
    parser.add_argument("--first", action="store_true", help="end with the first breach")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hagukumi-storm-") as folder:
        print(json.dumps(deaths(Path(folder), asked.every, asked.patience, first=asked.first)))


if __name__ == "__main__":
    main()
