"""Sixty business days of the example company: the engine lives, people and machines react, desks work, sales report.

Start with `Days.live`. Whatever happens is drawn for one thing at a time: stretches change nothing but the clock.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as clock

from sqlalchemy import Connection, select

from hagukumi import steering
from hagukumi.arriving import work_off
from hagukumi.calendar import BusinessCalendar
from hagukumi.channels.imports.refusals import Refusal, store_refusals
from hagukumi.channels.web.clicks import told_of
from hagukumi.demo.callers import Deed, answer_sheets, plan_day, see_to_others, source_of, write_down
from hagukumi.demo.lists import Market
from hagukumi.demo.mailboxes import Mailboxes
from hagukumi.demo.sales import Sales
from hagukumi.desk.office import Office
from hagukumi.ticking import tick
from hagukumi.wiring import Wired
from hagukumi.world.agenda import Agenda
from hagukumi.world.background import Told, background, told
from hagukumi.world.happening import HUMAN, Event, Received
from hagukumi.world.machines import scans
from hagukumi.world.readers import Mind, mind_of, reactions
from hagukumi.world.replies import Answer, answers
from hagukumi.world.truth import PersonTruth
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import person

ENDS = (clock(9, 5), clock(10, 30), clock(13), clock(15, 30), clock(18, 1))
"""Each business day is lived in stretches; what people do comes in between them."""
MORNING, NOON, EVENING = ENDS[0], ENDS[2], ENDS[-1]
TUESDAY, FRIDAY = 1, 4
MEETING = "アポ獲得"
AGAIN_AFTER = timedelta(minutes=20)
FOUR_WEEKS = timedelta(days=28)

Progress = Callable[[str, float], None]
"""Hears which part is running (a key of words.demo.PARTS) and how far it is, from 0 to 1."""


class Days:
    """The company's days. engine_seconds: what of them the engine took. by: source id -> human or class of gateway.

    tick: how time passes up to an instant.
    """

    def __init__(self, wired: Wired, market: Market, tick: Callable[[Wired, datetime], object] = tick) -> None:
        self.wired, self.truth, self.sales = wired, market.truth, Sales(market)
        self._known = {**market.truth.people, **market.newcomers}
        self.calendar = wired.calendar
        self._tick = tick
        self.engine_seconds = 0.0
        self._mailboxes = Mailboxes(wired)
        self._people: dict[int, PersonTruth] = {}
        self._ids: dict[str, tuple[int, int | None]] = {}
        self._received: defaultdict[int, list[datetime]] = defaultdict(list)
        self._events = Agenda[Event]()
        self._deeds = Agenda[Event | Answer | Deed]()
        self._own = Agenda[Told]()
        self._at_the_border: set[str] = set()
        self.by: dict[str, str] = {}

    def live(self, start: datetime, end: datetime, progress: Progress) -> None:
        """From `start` to `end`, both UTC."""
        self._look_round()
        self._expect(start, end)
        ends = [*_stretches(self.calendar, start, end), end]
        for since, until, following in zip([start, *ends], ends, [*ends[1:], end], strict=False):
            began = time.perf_counter()
            self._tick(self.wired, until)
            self.engine_seconds += time.perf_counter() - began
            if until < end:
                self._between(since, until, following)
            progress("live", (until - start) / (end - start))

    def day_of(self, at: datetime) -> int:
        """The day of the truth on which something happens."""
        return (self.calendar.day_of(at) - self.truth.start).days

    def _between(self, since: datetime, until: datetime, following: datetime) -> None:
        """What people, machines and desks do about a stretch that is over; the engine hears of it in the next one."""
        here, seed = self.calendar.local(until).time(), self.truth.seed
        with begin_write(self.wired.engine) as conn:
            letters = self._mailboxes.received(conn, since, until)
            for letter in letters:
                if letter.key not in self._at_the_border:
                    self._react(letter, until)
            # The minute of the border is lived through twice: at the end of one stretch, at the beginning of the next.
            self._at_the_border = {letter.key for letter in letters if letter.sent_at == until}
            if here == MORNING:
                for deed in plan_day(conn, seed, self.truth.callers, self._mind(until), until, self.calendar):
                    self._deeds.put(deed.dial.at, deed)
            self._hear(conn, following)
            mails = self._do(conn, until)
            if here == EVENING:
                see_to_others(conn, seed, until)
                answer_sheets(conn, self._office(until), seed)
        if here == EVENING:
            steering.learn_networks(self.wired, until)
        self.wired.inbox.put_many([("mail", raw, until) for raw in mails])
        while work_off(self.wired, until).more:
            pass
        weekday = self.calendar.day_of(until).weekday()
        if here == EVENING and weekday == FRIDAY:
            self.sales.bring_deals(self.wired, until)
        if here == NOON and weekday == TUESDAY and self.sales.bring_people(self.wired, until):
            self._look_round()

    def _hear(self, conn: Connection, until: datetime) -> None:
        """Takes in what becomes known by then, each at its own minute."""
        arrivals = []
        for event in self._events.due(until):
            arrivals.append(self._told(event))
            self.by[event.arrival.source_id or ""] = event.by
            if event.again:
                self._events.put(event.arrival.known_at + AGAIN_AFTER, event._replace(again=False))
        for own in self._own.due(until):
            who = self._ids.get(own.key)
            if who is not None:
                arrivals.append(
                    Arrival(*who, own.kind, own.occurred_at, own.known_at, own.content, None, None, own.source_id)
                )
        receive(conn, arrivals)

    def _told(self, event: Event) -> Arrival:
        """The event as the web process stores it: no address, and of a person's program only that it is one."""
        arrival, detail = event.arrival, dict(event.arrival.detail or {})
        if arrival.kind not in ("clicked", "opened"):
            return arrival
        kept = told_of(detail.pop("agent", None), event.ip, self.wired.identity.secret, self.wired.files.machines)
        return arrival._replace(detail={**detail, **kept})

    def _do(self, conn: Connection, until: datetime) -> list[bytes]:
        """What people did by then that we learn at once: refusals and calls; mails come back as messages."""
        given: list[Answer] = []
        for deed in self._deeds.due(until):
            match deed:
                case Answer():
                    given.append(deed)
                    self.by[f"mail:{deed.meant}:{deed.letter.key}"] = deed.by
                case Deed():
                    self._called(conn, deed, until)
                case Event():
                    self._refused(conn, deed.arrival, until)
        return self._mailboxes.answers(conn, self.truth.seed, given) if given else []

    def _called(self, conn: Connection, deed: Deed, at: datetime) -> None:
        mind = self._mind(at)(deed.person)
        if not write_down(conn, self._office(at), deed, mind, self.truth.seed):
            return
        self.by[source_of(deed, at)] = "made_up" if deed.dial.made_up else HUMAN
        who = self._people.get(deed.person)
        if deed.dial.outcome == MEETING and who is not None:
            self.sales.meet(who, self.day_of(at))

    def _office(self, at: datetime) -> Office:
        """The desks as of then."""
        wired = self.wired
        return Office(wired.files.desk, wired.calendar, wired.identity.secret, wired.files.library, at)

    def _refused(self, conn: Connection, said: Arrival, at: datetime) -> None:
        """The link to refuse is our own page: what is said there holds from that moment on."""
        receive(conn, [said._replace(occurred_at=at, known_at=at)])
        self.by[said.source_id or ""] = HUMAN
        cause = said.outcome or "refused"
        store_refusals(conn, [Refusal("mail", None, said.person_id, None, cause, at, "link")])

    def _expect(self, start: datetime, end: datetime) -> None:
        """What people will do of their own accord: it is drawn once, and heard when it becomes known."""
        events = background(self.truth, self.day_of(start), self.day_of(end) + 1)
        for one in told(self.truth, events):
            if start < one.known_at <= end:
                self._own.put(one.known_at, one)

    def _look_round(self) -> None:
        """Who is on the company's lists by now, and whom the truth knows."""
        with begin_read(self.wired.engine) as conn:
            for id_, key, account in conn.execute(select(person.c.id, person.c.key, person.c.account_id)):
                known = self._known.get(key)
                if known is not None:
                    self._people[id_] = known
                    self._ids[key] = (id_, account)

    def _react(self, letter: Received, after: datetime) -> None:
        who = self._people.get(letter.person)
        if who is None:
            return
        seed, day = self.truth.seed, self.day_of(letter.sent_at)
        letter = letter._replace(lot=f"{letter.lot}/{who.key}", house=who.facility)
        house = self.truth.facilities.get(who.facility)
        mind = mind_of(who, day, self._tired(letter))
        self._received[letter.person].append(letter.sent_at)
        for event in scans(seed, house.gateway if house else "none", letter, after):
            self._events.put(event.arrival.known_at, event)
        for event in reactions(seed, letter, mind, after, self.calendar):
            if event.arrival.kind == "refused":
                self._deeds.put(event.arrival.known_at, event)
            else:
                self._events.put(event.arrival.known_at, event)
        for answer in answers(seed, letter, mind, day, self.calendar):
            self._deeds.put(max(answer.at, after), answer)

    def _tired(self, letter: Received) -> int:
        """Letters of the last four weeks."""
        before = self._received[letter.person]
        return len(before) - bisect_right(before, letter.sent_at - FOUR_WEEKS)

    def _mind(self, at: datetime) -> Callable[[int], Mind | None]:
        day = self.day_of(at)

        def mind(id_: int) -> Mind | None:
            who = self._people.get(id_)
            return None if who is None else mind_of(who, day, 0)

        return mind


def _of_their_own(one: Told, person_id: int, account_id: int | None) -> Arrival:
    return Arrival(person_id, account_id, one.kind, one.occurred_at, one.known_at, one.content, source_id=one.source_id)


def _stretches(calendar: BusinessCalendar, start: datetime, end: datetime) -> Iterator[datetime]:
    day = calendar.day_of(start)
    while day <= calendar.day_of(end):
        if calendar.is_business_day(day):
            yield from (until for at in ENDS if start < (until := calendar.instant(day, at)) < end)
        day += timedelta(days=1)
