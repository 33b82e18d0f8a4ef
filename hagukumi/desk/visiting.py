"""What came of a visit, with what follows from it, in one transaction. Start with `record`."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, insert, update

from hagukumi.channels.refusing import Asked, Whom, refuse, whom_of_person
from hagukumi.desk.office import Office, Someone, member, tell
from hagukumi.desk.recording import open_task
from hagukumi.journeys.language.problems import nearest
from hagukumi.journeys.steps.outcomes import VISIT_ABSENT, VISIT_REFUSED, VISIT_RESULTS
from hagukumi.journeys.steps.visit import VISITED
from hagukumi.words.refusal import NotDone
from models.tables.schema import call_note, task


class Visited(NamedTuple):
    """What was recorded. refuses: person or facility, where visits are refused from now on."""

    task: int
    person: int
    outcome: str
    refuses: str | None = None


def record(
    conn: Connection, office: Office, task_id: int, said: str, by: str | None, *, facility: bool = False, note: str = ""
) -> Visited:
    """Records met, absent or refused (or 面談, 不在, 面会お断り); what waits for it goes on. Call inside begin_write.

    refused: the person gets no more visits, with `facility` the whole facility (出入禁止). Raises NotDone.
    """
    row = open_task(conn, task_id)
    if row.kind != "visit":
        raise NotDone(
            "visit-task",
            f"タスク #{task_id} は訪問ではありません。何も記録していません。",
            f"Task #{task_id} is no visit. Nothing was recorded.",
        )
    outcome, at = _outcome(said), office.now
    staff = member(conn, by)
    if facility and outcome != VISIT_REFUSED:
        raise NotDone(
            "visit-facility",
            "施設全体のお断り(--facility)は、面会お断り(refused)のときだけ付けられます。何も記録していません。",
            "--facility goes with refused only. Nothing was recorded.",
        )
    who = Someone(row.person_id, row.account_id)
    dialled = {"touched_at": row.touched_at or at}
    if outcome != VISIT_ABSENT:
        dialled["reached_at"] = row.reached_at or at
    done = update(task).where(task.c.id == task_id)
    conn.execute(done.values(state="done", result=outcome, result_at=at, **dialled))
    tell(conn, who, VISITED, at, f"task:{task_id}/visit", outcome=outcome, detail={"task": task_id})
    if note.strip():
        keeper = row.owner_staff_id if staff is None else staff.id
        conn.execute(
            insert(call_note).values(
                person_id=who.person, account_id=who.account, task_id=task_id, at=at, by_staff_id=keeper,
                outcome=outcome, fields={"memo": note.strip()},
            )
        )  # fmt: skip
    refuses = _refuse(conn, office, who, facility) if outcome == VISIT_REFUSED else None
    return Visited(task_id, who.person, outcome, refuses)


def _refuse(conn: Connection, office: Office, who: Someone, facility: bool) -> str:
    asked = Asked(("visit",), cause="refused", source="desk")
    if facility and who.account is not None:
        refuse(conn, Whom(account=who.account), asked, office.now)
        return "facility"
    refuse(conn, whom_of_person(conn, who.person, office.secret), asked, office.now)
    return "person"


def _outcome(said: str) -> str:
    word = said.strip()
    found = VISIT_RESULTS.get(word.casefold(), word)
    if found in VISIT_RESULTS.values():
        return found
    near = nearest(word, [*VISIT_RESULTS, *VISIT_RESULTS.values()])
    raise NotDone(
        "visit-outcome",
        f"「{said}」という訪問の結果はありません。"
        + (f"もしかして: {near}。" if near else "")
        + "使えるもの: 面談(met)、不在(absent)、面会お断り(refused)",
        f"There is no result {said} of a visit. "
        + (f"Did you mean {near}? " if near else "")
        + "There are: met (面談), absent (不在), refused (面会お断り)",
    )
