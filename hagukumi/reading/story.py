"""Why: a person's whole story in time order, every step with its reason and its line of YAML. Start with `tell`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, or_, select

from hagukumi.journeys.core.program import Program
from hagukumi.journeys.core.verdict import Why
from hagukumi.reading.answers import TOLD_FOR, masked, sentences
from hagukumi.reading.desk import reasons_of, referrers
from hagukumi.reading.event import Event, Line, in_order
from hagukumi.reading.names import Compile
from hagukumi.reading.people import Who, who_is
from hagukumi.reading.say import Names, as_it_stands, sentence, why_of
from hagukumi.words.happened import happening
from hagukumi.words.names import (
    ANSWERED,
    CALL_OUTCOMES,
    CHANNELS,
    LETTER_STATES,
    MACHINES,
    REFUSAL_CAUSES,
    TASK_KINDS,
    TASK_STATES,
    name_of,
)
from models.tables.keys import keyed_hash
from models.tables.schema import (
    activity,
    journey,
    letter,
    letter_body,
    person,
    refusal,
    scenario_version,
    score_jump,
    set_aside,
    task,
    walk,
    workspace,
)


class Story(NamedTuple):
    """A person and everything that happened, oldest first."""

    who: Who
    events: tuple[Event, ...]


class Version(NamedTuple):
    """A published scenario as it was when somebody was inside."""

    scenario: str
    hash: str
    source: list[str]
    program: Program | None

    def place(self, step: str) -> Line | None:
        """The line a step is written on."""
        known = self.program.steps.get(step) if self.program is not None else None
        line = known.place.line if known is not None else 0
        if not 0 < line <= len(self.source):
            return None
        return Line(f"scenarios/{self.scenario}.yaml", line, self.source[line - 1].strip())


REFUSING = ("refused", "bounced", "unsubscribed", "spam_report")


def tell(
    conn: Connection, person_id: int, lang: str, compile_: Compile, names: Names = as_it_stands,
    themes: Names = as_it_stands,
) -> Story:  # fmt: skip
    """The story of a person in `lang`. themes: what those are called. Raises NoResultFound for a stranger."""
    teller = _Teller(conn, person_id, lang, compile_, names, themes)
    return Story(who_is(conn, person_id), tuple(in_order(teller.events())))


class _Teller:
    """Reads one kind of row after the other and turns each into events."""

    def __init__(
        self, conn: Connection, person_id: int, lang: str, compile_: Compile, names: Names, themes: Names
    ) -> None:
        self.conn, self.person, self.lang, self.names, self.themes = conn, person_id, lang, names, themes
        self.journeys = conn.execute(select(journey).where(journey.c.person_id == person_id)).all()
        self.versions = self._versions(compile_)
        self.inside = {row.id: row for row in self.journeys}

    def events(self) -> Iterator[Event]:
        """Everything, in no order; within a kind oldest first."""
        yield from self._activities()
        yield from self._refusals(self.conn.scalars(select(workspace.c.secret)).one())
        yield from self._jumps()
        yield from self._journeys()
        yield from self._walks()
        yield from self._letters()
        yield from self._tasks()
        yield from self._set_aside()

    def _versions(self, compile_: Compile) -> dict[int, Version]:
        c = scenario_version.c
        wanted = sorted({row.version_id for row in self.journeys})
        found = {}
        for row in self.conn.execute(select(c.id, c.scenario, c.hash, c.source).where(c.id.in_(wanted))):
            try:
                program = compile_(row.source)
            except Exception:  # the story is told all the same, without its lines
                program = None
            found[row.id] = Version(row.scenario, row.hash, row.source.splitlines(), program)
        return found

    def _say(self, why: Why | None) -> str:
        return "" if why is None else sentence(why, self.lang, self.names)

    def _pick(self, ja: str, en: str) -> str:
        return en if self.lang == "en" else ja

    def _activities(self) -> Iterator[Event]:
        c = activity.c
        columns = (c.id, c.kind, c.occurred_at, c.known_at, c.content, c.letter_key, c.outcome, c.detail)
        query = select(*columns, c.machine, c.machine_sure)
        rows = self.conn.execute(query.where(c.person_id == self.person).order_by(c.known_at, c.id)).all()
        details = dict(self._changes(rows))
        for row in rows:
            title = self.names(row.content) if row.content else None
            kind = row.kind if row.kind in ("arrived", "changed") else "activity"
            data = {"event": row.id, "activity": row.kind, "content": row.content, "outcome": row.outcome}
            data |= {"letter": row.letter_key, "machine": row.machine, "machine_sure": row.machine_sure}
            data |= {"known_at": row.known_at}
            detail = details.get(row.id, row.detail)
            text = happening(row.kind, title, row.outcome, detail, self.lang)
            if row.kind == "changed":
                data |= {"attribute": None, "old": None, "new": None, **(detail or {})}
            yield Event(row.occurred_at, kind, text, tuple(self._about(row)), None, row.machine is None, data)

    def _changes(self, rows: Sequence[Row[Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Details of changes; a list tells only what stood before, so what came is what the next change found."""
        p = person.c
        found = self.conn.execute(select(p.stage, p.role, p.tags).where(p.id == self.person)).mappings().one()
        came: dict[str, Any] = dict(found)
        for row in reversed(rows):
            name = (row.detail or {}).get("attribute")
            if row.kind == "changed" and name is not None:
                yield row.id, ({"new": came[name]} if name in came else {}) | row.detail
                came[name] = row.detail.get("old")

    def _about(self, row: Row[Any]) -> Iterator[str]:
        if row.machine is not None:
            cause = name_of(MACHINES, row.machine, self.lang)
            ja, en = (
                (f"、確からしさ {row.machine_sure}%", f", {row.machine_sure} % sure") if row.machine_sure else ("", "")
            )
            yield self._pick(
                f"機械による反応のため数えません({cause}{ja})", f"made by a machine, does not count ({cause}{en})"
            )

    def _refusals(self, secret: str) -> Iterator[Event]:
        """Refusals that no activity tells of: those known before the person came."""
        c, p = refusal.c, person.c
        who = self.conn.execute(select(p.email_norm, p.account_id, p.created_at).where(p.id == self.person)).one()
        mine = [c.person_id == self.person]
        mine += [c.address_hash == keyed_hash(secret, who.email_norm)] if who.email_norm else []
        mine += [c.account_id == who.account_id] if who.account_id else []
        told = select(activity.c.outcome, activity.c.detail).where(
            activity.c.person_id == self.person, activity.c.kind.in_(REFUSING)
        )
        known = {((detail or {}).get("channel", "mail"), cause, None) for cause, detail in self.conn.execute(told)}
        query = select(c.channel, c.cause, c.topic, c.account_id, c.at).where(or_(*mine)).order_by(c.at, c.id)
        for row in self.conn.execute(query):
            said = (row.channel, row.cause, row.topic)
            if said in known:
                continue
            # Kept once a mailbox, told once.
            known.add(said)
            channel, cause = name_of(CHANNELS, row.channel, self.lang), name_of(REFUSAL_CAUSES, row.cause, self.lang)
            theme = self.themes(row.topic) if row.topic else ""
            about = self._pick(f"(テーマ「{theme}」)", f" (theme “{theme}”)") if theme else ""
            whole = self._pick("(施設全体)", " (whole facility)") if row.account_id is not None else ""
            data = {"channel": row.channel, "cause": row.cause, "topic": row.topic, "facility": bool(row.account_id)}
            yield Event(row.at or who.created_at, "refusal", f"{channel}{about}{whole}: {cause}", data=data)

    def _jumps(self) -> Iterator[Event]:
        c = score_jump.c
        reasons = self._jump_reasons()
        for row in self.conn.execute(select(score_jump).where(c.person_id == self.person).order_by(c.at, c.id)):
            before, after = f"{row.points_before / 10:g}", f"{row.points_after / 10:g}"
            why = reasons.get(row.at)
            # The reason tells of all that counted; two pairs of figures would contradict each other.
            text = self._pick("点数が急上昇", "The score jumped")
            if why is None:
                text += self._pick(f": {before} → {after}点", f": {before} → {after} points")
            data = {"event": row.activity_id, "before": row.points_before / 10, "after": row.points_after / 10}
            yield Event(row.at, "jump", text, (why,) if why else (), data=data)

    def _jump_reasons(self) -> dict[datetime, str]:
        query = select(task.c.reasons).where(task.c.person_id == self.person)
        return {
            reason.at: reason.text
            for stored in self.conn.scalars(query)
            for reason in reasons_of(stored, self.lang, self.names)
            if reason.code.startswith("jump_")
        }

    def _journeys(self) -> Iterator[Event]:
        for row in sorted(self.journeys, key=lambda row: (row.entered_at, row.id)):
            version = self.versions.get(row.version_id)
            title = self.names(row.scenario)
            data = {"scenario": row.scenario, "visit": row.visit, "version": version.hash if version else None}
            again = self._pick(f"({row.visit}回目)", f" (visit {row.visit})") if row.visit > 1 else ""
            text = self._pick(f"シナリオ「{title}」に入りました{again}", f"Entered “{title}”{again}")
            stands = (self._pick(f"版 {version.hash[:8]}", f"version {version.hash[:8]}"),) if version else ()
            yield Event(row.entered_at, "entered", text, stands, data=data, journey=row.id)
            if row.ended_at is not None:
                why = why_of(row.ended_why)
                text = self._pick(f"シナリオ「{title}」を終えました", f"Left “{title}”")
                notes = tuple(filter(None, (self._say(why),)))
                yield Event(row.ended_at, "ended", text, notes, data=data | _coded(why), journey=row.id)

    def _walks(self) -> Iterator[Event]:
        c = walk.c
        query = select(c.id, c.journey_id, c.at, c.path).where(c.person_id == self.person).order_by(c.at, c.id)
        for row in self.conn.execute(query):
            inside = self.inside.get(row.journey_id)
            version = self.versions.get(inside.version_id) if inside is not None else None
            for number, (step, code, *args) in enumerate(row.path):
                rests = code.startswith("~")
                why = Why(code.removeprefix("~"), tuple(map(str, args)))
                place = version.place(step) if version is not None else None
                data = {"scenario": inside.scenario if inside is not None else None, "step": step, "rests": rests}
                yield Event(
                    row.at,
                    "step",
                    self._say(why),
                    (),
                    place,
                    True,
                    data | _coded(why),
                    row.journey_id,
                    (row.id, number),
                )

    def _letters(self) -> Iterator[Event]:
        c = letter.c
        columns = (
            c.key, c.scenario, c.version_id, c.step, c.content, c.state, c.why, c.written_at, c.sent_at, c.settled_at,
            c.next_try, c.klass, c.journey_id, letter_body.c.subject,
        )  # fmt: skip
        query = select(*columns).select_from(letter.outerjoin(letter_body, letter_body.c.letter_key == c.key))
        rows = self.conn.execute(query.where(c.person_id == self.person).order_by(c.written_at, c.key)).all()
        answers = sentences(self.conn, [row.key for row in rows if row.why and row.why[0] in TOLD_FOR])
        for row in rows:
            title = row.subject or self.names(row.content or row.key)
            state = name_of(LETTER_STATES, row.state, self.lang)
            text = self._pick(f"メール「{title}」: {state}", f"Letter “{title}”: {state}")
            why = None if row.state in ("accepted", "delivered") else why_of(row.why)
            version = self.versions.get(row.version_id)
            place = version.place(row.step) if version is not None and row.step else None
            data = {"key": row.key, "scenario": row.scenario, "step": row.step, "content": row.content}
            data |= {"state": row.state, "subject": row.subject, "class": row.klass, "until": row.next_try}
            said = answers.get(row.key)
            data |= {"said": said}
            at = row.sent_at or row.settled_at or row.written_at
            notes = tuple(filter(None, (self._say(why), said and ANSWERED.say(self.lang).format(masked(said)))))
            yield Event(at, "letter", text, notes, place, True, data | _coded(why), row.journey_id)

    def _tasks(self) -> Iterator[Event]:
        c = task.c
        rows = self.conn.execute(select(task).where(c.person_id == self.person).order_by(c.made_at, c.id)).all()
        named = referrers(self.conn, [row.reasons for row in rows], self.lang)
        for row in rows:
            kind, state = name_of(TASK_KINDS, row.kind, self.lang), name_of(TASK_STATES, row.state, self.lang)
            data = {"task": row.id, "kind": row.kind, "state": row.state, "due": row.due}
            told = reasons_of(row.reasons, self.lang, self.names, row.made_at.year, named)
            reasons = sorted(told, key=lambda reason: reason.at)
            for number, reason in enumerate(reasons):
                more = self._pick("タスクに理由を追加", "A further reason for the task")
                text = self._pick(f"タスク({kind})を作成", f"Task made ({kind})") if number == 0 else more
                more_data = data | {
                    "code": reason.code,
                    "args": list(reason.args),
                    "scenario": reason.scenario,
                    "step": reason.step,
                    "joins": number > 0 and reason.at == reasons[0].at,
                }
                yield Event(reason.at, "task", text, (reason.text,), data=more_data)
            if row.result_at is not None:
                text = self._pick(f"タスク({kind}): {state}", f"Task ({kind}): {state}")
                result = name_of(CALL_OUTCOMES, row.result, self.lang) or self._say(why_of(row.withdrawn_why))
                yield Event(row.result_at, "task", text, (result,) if result else (), data=data)

    def _set_aside(self) -> Iterator[Event]:
        c = set_aside.c
        for row in self.conn.execute(select(set_aside).where(c.person_id == self.person).order_by(c.at, c.id)):
            step, failure = (*(row.why or ()), "", "")[:2]
            text = self._pick(
                f"ステップ {step} で問題が起き、この方だけ止めています({failure})",
                f"Step {step} failed; only this person is set aside ({failure})",
            )
            yield Event(row.at, "set_aside", text, data={"step": step, "failure": failure})


def _coded(why: Why | None) -> dict[str, Any]:
    return {"code": None, "args": []} if why is None else {"code": why.code, "args": list(why.args)}
