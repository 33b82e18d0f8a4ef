"""Incidents as they are stored: opened, listed, sorted out, reported, closed. Start with `Incident` and `read`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from hagukumi.calendar import japanese_holiday
from hagukumi.incidents.duty import REPORTS, TITLES, Report, reports_due
from hagukumi.words.refusal import NotDone
from models.tables.schema import incident

Kind = Literal["content", "recipient", "data"]
KINDS: tuple[Kind, ...] = ("content", "recipient", "data")
NO_DUTY = "none"
"""In `reports`: somebody has found that there is no duty to report."""


class Open(NamedTuple):
    """What is said when an incident is opened. content: None where only some letters are meant."""

    kind: Kind
    content: str | None
    known_at: datetime
    by: str
    note: str | None = None
    wrongful: bool = False


class Due(NamedTuple):
    """One report: its last day, and when it was done."""

    report: Report
    due: date
    done: str | None


class Incident(NamedTuple):
    """One row. `apology` and `reports` as the table keeps them."""

    id: int
    kind: Kind
    content: str | None
    known_at: datetime
    opened_at: datetime
    opened_by: str
    note: str | None
    apology: Mapping[str, Any] | None
    approved_at: datetime | None
    approved_by: str | None
    reports: Mapping[str, Any] | None
    closed_at: datetime | None

    @property
    def due(self) -> tuple[Due, ...]:
        """The reports that the law may ask for; none once somebody has found that there is no duty."""
        told = self.reports or {}
        if NO_DUTY in told:
            return ()
        return tuple(
            Due(name, date.fromisoformat(told[name]["due"]), told[name]["done"]) for name in REPORTS if name in told
        )

    def overdue(self, today: date) -> tuple[Due, ...]:
        """Reports not done by their last day."""
        return tuple(one for one in self.due if one.done is None and one.due < today)


_COLUMNS = (
    incident.c.id, incident.c.kind, incident.c.content, incident.c.known_at, incident.c.opened_at, incident.c.opened_by,
    incident.c.note, incident.c.apology, incident.c.approved_at, incident.c.approved_by, incident.c.reports,
    incident.c.closed_at,
)  # fmt: skip


def open_incident(conn: Connection, said: Open, now: datetime, zone: tzinfo) -> int:
    """Stores a new one and returns its number."""
    values: dict[str, Any] = {"kind": said.kind, "content": said.content, "known_at": said.known_at, "opened_at": now}
    reports = _reports(said.known_at, said.wrongful, zone) if said.kind == "data" else None
    values |= {"opened_by": said.by, "note": said.note, "reports": reports}
    number: int = conn.execute(insert(incident).values(**values).returning(incident.c.id)).scalar_one()
    return number


def read(conn: Connection, number: int) -> Incident:
    """The incident. Raises NotDone for a number nobody gave."""
    row = conn.execute(select(*_COLUMNS).where(incident.c.id == number)).first()
    if row is None:
        known = ", ".join(map(str, conn.scalars(select(incident.c.id).order_by(incident.c.id.desc()).limit(10)))) or "-"
        raise NotDone(
            "incident-unknown",
            f"{number} 番の記録はありません。あるもの: {known}",
            f"There is no incident {number}. Known: {known}",
        )
    return _incident(row)


def read_all(conn: Connection, *, still_open: bool = False) -> list[Incident]:
    """All of them, the newest first."""
    query = select(*_COLUMNS).order_by(incident.c.id.desc())
    return [
        _incident(row) for row in conn.execute(query.where(incident.c.closed_at.is_(None)) if still_open else query)
    ]


def sort_out(
    conn: Connection, number: int, kind: Kind, known_at: datetime | None, zone: tzinfo, *, wrongful: bool
) -> None:
    """Says anew what it is; the dates of reporting follow, and what was reported stays reported."""
    known = read(conn, number)
    refuse_closed(known)
    at = known_at or known.known_at
    reports: dict[str, Any] | None = None
    if kind == "data":
        reports = _reports(at, wrongful, zone)
        for name in REPORTS:
            reports[name]["done"] = ((known.reports or {}).get(name) or {}).get("done")
    conn.execute(update(incident).where(incident.c.id == number).values(kind=kind, known_at=at, reports=reports))


def report(conn: Connection, number: int, what: str, by: str, now: datetime) -> None:
    """Notes that a report was made (quick, full), or that there is no duty (none). Raises NotDone where none is due."""
    known = read(conn, number)
    refuse_closed(known)
    if known.kind != "data" or known.reports is None:
        raise NotDone(
            "incident-no-report",
            f"{number} 番は個人情報に関わる記録ではないため、報告の期限はありません。"
            f"関わる場合は「hagukumi incident triage {number} --kind data」です。",
            f"Incident {number} is not about somebody's data, so no report is due. If it is: "
            f"hagukumi incident triage {number} --kind data",
        )
    told = {name: value for name, value in known.reports.items() if name != NO_DUTY}
    stamp = now.isoformat(timespec="seconds")
    if what == NO_DUTY:
        told[NO_DUTY] = {"at": stamp, "by": by}
    else:
        told[what] = {**told[what], "done": stamp, "by": by}
    conn.execute(update(incident).where(incident.c.id == number).values(reports=told))


def close(conn: Connection, number: int, now: datetime) -> None:
    """Closes it. Raises NotDone while a report is to be made or a draft waits for its approval."""
    known = read(conn, number)
    refuse_closed(known)
    missing = [one for one in known.due if one.done is None]
    if missing:
        ja = "・".join(TITLES[one.report].ja for one in missing)
        en = " and ".join(TITLES[one.report].en for one in missing)
        raise NotDone(
            "incident-reports-open",
            f"{ja}が済んでいません。「hagukumi incident report {number} {missing[0].report}」で記録するか、"
            f"報告の義務がないと確かめた場合は「hagukumi incident report {number} none」としてください。",
            f"{en} not yet made. Note it: hagukumi incident report {number} {missing[0].report}; or, where you found "
            f"that there is no duty: hagukumi incident report {number} none",
        )
    if known.apology is not None and known.approved_at is None:
        raise NotDone(
            "incident-draft-waits",
            f"お詫びの下書きが承認待ちです。「hagukumi incident approve {number}」で承認するか、"
            f"送らない場合は「hagukumi incident draft {number} --drop」としてください。",
            f"A draft apology waits for approval: hagukumi incident approve {number}; or drop it: "
            f"hagukumi incident draft {number} --drop",
        )
    conn.execute(update(incident).where(incident.c.id == number).values(closed_at=now))


def refuse_closed(known: Incident) -> None:
    """Raises NotDone when nothing more is to happen to it."""
    if known.closed_at is not None:
        raise NotDone(
            "incident-closed", f"{known.id} 番はすでに終了しています。", f"Incident {known.id} is closed already."
        )


def _reports(known_at: datetime, wrongful: bool, zone: tzinfo) -> dict[str, Any]:
    dates = reports_due(known_at.astimezone(zone).date(), wrongful=wrongful, holiday=japanese_holiday)
    return {
        "quick": {"from": dates.aim.isoformat(), "due": dates.quick.isoformat(), "done": None},
        "full": {"due": dates.full.isoformat(), "done": None},
    }


def _incident(row: Row[Any]) -> Incident:
    return Incident(*row)


def staff_key(known: Sequence[tuple[str, str | None]], given: str) -> str:
    """The key of the colleague meant by a key or an address. Raises NotDone with those who are known."""
    wanted = given.strip().casefold()
    for key, email in known:
        if wanted in (key.casefold(), (email or "").casefold()):
            return key
    names = ", ".join(key for key, _ in known) or "-"
    raise NotDone(
        "staff-unknown",
        f"「{given}」は担当者に登録されていません。登録済み: {names}",
        f"{given} is none of our staff. Known: {names}",
    )
