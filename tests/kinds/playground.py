"""Facilities on the list, in one of the plays that ship: what reached whom on which day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from hagukumi.programme.plays import start_play
from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, activity, consent, journey, letter, person, target, task
from tests.kinds.letters import START
from tests.web.site import Site


class Playground:
    """The served workspace with one of the plays that ship, and facilities on the list."""

    def __init__(self, site: Site, play: str) -> None:
        self.site, self.play = site, play
        wired = site.wired
        path = wired.workspace.scenarios / "plays" / f"{play}.yaml"
        compiled = wired.files.compile_file(path)
        assert compiled.program is not None, [each.message("en") for each in compiled.problems]
        publish_scenario(wired, compiled.program, path.read_text("utf-8"))

    def facility(self, key: str, *, by_mail: bool, begin: bool = True) -> dict[str, int]:
        """A hospital on the list with a decision-maker and two influencers, in the play from now on if it begins."""
        now = self.site.wired.now
        with begin_write(self.site.wired.engine) as conn:
            place = {
                "key": key, "name": f"{key}病院", "name_norm": key, "kind": "hospital", "beds": 200,
                "prefecture": "神奈川県", "address": "みほん町1-2", "postal_code": "231-0000", "created_at": now,
                "changed_at": now,
            }  # fmt: skip
            number = conn.execute(insert(account).values(**place).returning(account.c.id)).scalar_one()
            conn.execute(insert(target).values(account_id=number, tier=1, fit=800, since=now))
            found = {"place": int(number)}
            for name, role in (("head", "decision_maker"), ("one", "influencer"), ("two", "influencer")):
                found[name] = self._member(conn, number, f"{key}-{name}", role, by_mail or name != "head")
        if begin:
            start_play(self.site.wired.engine, self.site.wired.book, number, self.play, now, "sato", "選びました")
        return found

    def _member(self, conn: Any, place: int, key: str, role: str, mail: bool) -> int:
        box = f"{key}@aoba.example" if mail else None
        row = {
            "key": key, "family_name": "山田", "role": role, "account_id": place, "email": box, "email_norm": box,
            "phone_direct": "03-0000-0000", "created_at": START, "changed_at": START,
        }  # fmt: skip
        number = conn.execute(insert(person).values(**row).returning(person.c.id)).scalar_one()
        ground = {"person_id": number, "channel": "mail", "ground": "consent", "got_at": START, "source": "form"}
        conn.execute(insert(consent).values(**ground))
        return int(number)

    def live(self, day: int, hour: int = 9) -> None:
        """Until that hour (in Japan) of a day of June 2026."""
        tick(self.site.wired, datetime(2026, 6, day, hour - 9, tzinfo=UTC))

    def sent(self, place: int) -> dict[str, set[tuple[int, int]]]:
        """Step -> (person, day of June) of the letters that left."""
        found: dict[str, set[tuple[int, int]]] = {}
        c = letter.c
        with begin_read(self.site.wired.engine) as conn:
            rows = conn.execute(select(c.step, c.person_id, c.sent_at).where(c.account_id == place, c.klass == "play"))
            for step, who, at in rows:
                if at is not None:
                    found.setdefault(step, set()).add((who, at.day))
        return found

    def asked(self, place: int) -> dict[str, str]:
        """Step -> desk of everything that was put on a desk."""
        with begin_read(self.site.wired.engine) as conn:
            rows = conn.execute(select(task.c.desk, task.c.reasons).where(task.c.account_id == place))
            return {reason["step"]: row.desk for row in rows for reason in row.reasons if "step" in reason}

    def does(self, who: int, kind: str, content: str | None = None, outcome: str | None = None) -> None:
        now = self.site.wired.now
        with begin_write(self.site.wired.engine) as conn:
            place = conn.scalar(select(person.c.account_id).where(person.c.id == who))
            receive(conn, [Arrival(who, place, kind, now, now, content, outcome=outcome)])

    def stands(self, place: int) -> tuple[str, str]:
        with begin_read(self.site.wired.engine) as conn:
            query = select(journey.c.state, journey.c.step).where(
                journey.c.subject_kind == "account", journey.c.subject_id == place
            )
            state, step = conn.execute(query).one()
            return state, step

    def registered(self) -> list[int]:
        """Who has registered for anything."""
        c = activity.c
        with begin_read(self.site.wired.engine) as conn:
            return list(conn.scalars(select(c.person_id).where(c.kind == "registered").order_by(c.id)))
