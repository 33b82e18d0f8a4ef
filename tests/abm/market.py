"""A few facilities and lists about them, brought in by the real importer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, insert, select

from abm.heat import Intent, monday
from abm.intent import IntentRules
from hagukumi.calendar import BusinessCalendar
from hagukumi.channels.imports.mapping import Mapping as ImportMapping
from hagukumi.channels.imports.mapping import load_mapping
from hagukumi.channels.imports.problems import Refused
from hagukumi.channels.imports.signal_report import SignalReport
from hagukumi.channels.imports.signals import bring_signals
from hagukumi.channels.imports.sums import settle
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.load import load_text
from hagukumi.journeys.language.problems import Problem
from hagukumi.journeys.language.vocabulary import Vocabulary
from hagukumi.pipeline.names import company
from hagukumi.reading.intent import Told, intent_at
from hagukumi.reading.intents import points, ranking
from hagukumi.reading.signs import Asked
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, activity, intent_week, legal_entity, person

ROOT = Path(__file__).parents[2]
JAPAN = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 5, 1, 3, tzinfo=UTC)
"""A Friday at noon in Japan."""
KEYWORDS = "日付,社名,法人番号,ドメイン,都道府県,キーワード,回数\n"
SURGES = "account,domain,topic,score,week\n"


def shipped_rules(*changes: tuple[str, str]) -> IntentRules:
    """The project's intent.yaml, some of its text changed."""
    text = (ROOT / "scenarios/rules/intent.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    loaded = load_text(text, IntentRules, name="intent.yaml", vocabulary=Vocabulary())
    assert loaded.value is not None, loaded.problems
    return loaded.value


def corporate(twelve: str) -> str:
    """A 法人番号 with its check digit in front of twelve digits."""
    weighed = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(twelve)))
    return str(9 - weighed % 9) + twelve


@dataclass
class Market:
    """Facilities in one database, and lists about them in one folder."""

    engine: Engine
    folder: Path
    rules: IntentRules = field(default_factory=shipped_rules)
    now: datetime = NOW
    ids: dict[str, int] = field(default_factory=dict)

    def facility(self, key: str, name: str, *, entity: str = "", number: str = "", **more: Any) -> int:
        """A facility of ours, with its legal entity."""
        values = {"key": key, "name": name, "name_norm": company(name).core, "created_at": self.now}
        with begin_write(self.engine) as conn:
            if entity or number:
                owner = {"key": f"e-{key}", "name": entity or name, "name_norm": company(entity or name).core}
                made = insert(legal_entity).values(**owner, corporate_number=number or None)
                more["legal_entity_id"] = conn.execute(made.returning(legal_entity.c.id)).scalar_one()
            made = insert(account).values(**values, changed_at=self.now, **more).returning(account.c.id)
            self.ids[key] = conn.execute(made).scalar_one()
        return self.ids[key]

    def act(self, key: str, kind: str, at: datetime, content: str | None = None, **more: Any) -> None:
        """Something that somebody at the facility did."""
        with begin_write(self.engine) as conn:
            who = conn.scalar(select(person.c.id).where(person.c.account_id == self.ids[key]))
            if who is None:
                values = {"key": f"p-{key}", "account_id": self.ids[key], "created_at": at, "changed_at": at}
                who = conn.execute(insert(person).values(values).returning(person.c.id)).scalar_one()
            values = {"person_id": who, "account_id": self.ids[key], "kind": kind, "occurred_at": at, "known_at": at}
            conn.execute(insert(activity).values({**values, "content": content, **more}))

    def file(self, text: str | bytes, name: str = "list.csv") -> Path:
        """A list as a file."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def bring(
        self, text: str | bytes | Path, mapping: str = "keyword-intent", name: str = "list.csv", **how: Any
    ) -> SignalReport:
        """Brings a list in; `mapping` is the name of one of the project's, or its text."""
        path = text if isinstance(text, Path) else self.file(text, name)
        given = {"now": self.now, "rejects_dir": self.folder / "rejects", **how}
        return bring_signals(self.engine, path, self.mapping(mapping), self.rules, **given)

    def refused(self, text: str | bytes | Path, mapping: str = "keyword-intent", **how: Any) -> list[Problem]:
        """The problems of a list that must be refused."""
        try:
            report = self.bring(text, mapping, **how)
        except Refused as refused:
            assert all(each.message(lang) and each.help(lang) for each in refused.problems for lang in ("ja", "en"))
            return refused.problems
        raise AssertionError(f"was taken: {report}")

    def mapping(self, text: str) -> ImportMapping:
        """A mapping of the project by its name, or one written on the spot."""
        path = ROOT / "scenarios/mappings" / f"{text}.yaml"
        if "\n" in text:
            path = self.folder / "own.yaml"
            path.write_text(text, "utf-8")
        loaded = load_mapping(path)
        assert loaded.value is not None, loaded.problems
        return loaded.value

    def sums(self) -> dict[tuple[str, str, str, date], int]:
        """The weekly sums: (facility, theme, source, Monday) -> tenths before they fade."""
        w, keys = intent_week.c, {number: key for key, number in self.ids.items()}
        with begin_read(self.engine) as conn:
            rows = conn.execute(select(w.account_id, w.theme, w.source, w.week, w.points)).tuples().all()
        return {(keys[number], theme, source, monday(week)): points for number, theme, source, week, points in rows}

    def asked(self) -> Asked:
        """By what intent is read here."""
        themes: Mapping[str, str] = {"roi-simulation": "overtime", "claims-case": "unpaid-claims"}
        stages = {"roi-simulation": "比較", "claims-case": "検討"}
        titles = {name: Words(name, name) for name in themes}
        return Asked(self.rules, self.now, BusinessCalendar(), themes, stages, titles, {})

    def told(self, key: str) -> Told:
        """The intent of one facility with its receipt."""
        with begin_read(self.engine) as conn:
            return intent_at(conn, self.asked(), self.ids[key])

    def ranked(self) -> dict[str, Intent]:
        """The intent of all that show any."""
        settle(self.engine, self.rules)
        keys = {number: key for key, number in self.ids.items()}
        with begin_read(self.engine) as conn:
            found = ranking(conn, self.asked())
            assert points(conn, self.asked()) == {number: each.tenths for number, each in found.items()}
            return {keys[number]: each for number, each in found.items()}
