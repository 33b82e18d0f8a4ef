"""Marks on both databases: set before anybody's turn or later, taken back, learned from networks, and replayed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hagukumi.files import read_files
from hagukumi.journeys.shell import replay as replaying
from hagukumi.journeys.shell.networks import KEPT, REMEMBERED
from hagukumi.letters.links import TRAP
from hagukumi.steering import learn_networks, replay_marks
from models.tables.arrivals import Arrival, receive
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import activity, journey, letter, network, score, task
from tests.shell.conftest import Workshop

Mark = tuple[str | None, int | None]


class Mail:
    """Letters of a workshop, and what happens with them."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.sent = shop, shop.wired.now

    def letter(self, who: int, key: str, links: int = 1, account: int | None = None) -> str:
        """A letter that left now."""
        row = {
            "key": key, "person_id": who, "account_id": account, "content": "story/first", "state": "accepted",
            "version_id": 1, "due": self.sent, "written_at": self.sent, "sent_at": self.shop.wired.now,
            "link_count": links,
        }  # fmt: skip
        with begin_write(self.shop.engine) as conn:
            insert_many(conn, letter, list(row), [list(row.values())])
        return key

    def does(self, who: int, kind: str, at: datetime, key: str | None = None, **detail: Any) -> None:
        """Somebody, or something, does it at that time, and it is known at once."""
        content = None if detail.get("link") == TRAP else "overtime-case"
        told = detail or None
        with begin_write(self.shop.engine) as conn:
            receive(conn, [Arrival(who, None, kind, at, at, content, key, detail=told)])

    def marks(self) -> list[Mark]:
        """Cause and certainty of every click, in order."""
        c = activity.c
        query = select(c.machine, c.machine_sure).where(c.kind == "clicked").order_by(c.occurred_at, c.id)
        with self.shop.engine.connect() as conn:
            return [(row.machine, row.machine_sure) for row in conn.execute(query)]

    def causes(self) -> list[str | None]:
        return [cause for cause, _ in self.marks()]

    def points(self, who: int) -> float:
        """The stored score."""
        with self.shop.engine.connect() as conn:
            return (conn.scalar(select(score.c.points).where(score.c.person_id == who)) or 0) / 10


@pytest.fixture
def mail(workshop: Workshop) -> Mail:
    return Mail(workshop)


def minutes(mail: Mail) -> Callable[[float], datetime]:
    start = mail.shop.wired.now
    return lambda number: start + timedelta(minutes=number)


def test_a_scan_is_marked_before_it_counts_and_a_reader_counts(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who, other = shop.person(), shop.person()
    mine, theirs = mail.letter(who, "a"), mail.letter(other, "b")
    mail.does(who, "clicked", at(0.05), mine, link="case", agent="browser")
    mail.does(other, "clicked", at(30), theirs, link="case", agent="browser")
    shop.live(hours=1)
    assert mail.marks() == [("at_once", 99), (None, None)]
    assert (mail.points(who), mail.points(other) > 0) == (0, True)


def test_what_is_found_out_later_uncounts_the_click_and_makes_no_task(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who = shop.person()
    key = mail.letter(who, "a")
    mail.does(who, "clicked", at(20), key, link="case", net="n")
    shop.live(minutes=22)
    assert mail.points(who) > 0 and mail.causes() == [None]
    mail.does(who, "clicked", at(22.5), key, link=TRAP, net="n")
    shop.live(minutes=10)
    assert mail.causes() == ["with_trap", "trap"]
    assert mail.points(who) == 0 and shop.tasks() == []


def test_a_file_taken_after_it_gives_the_click_back_to_its_reader(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who = shop.person()
    key = mail.letter(who, "a")
    mail.does(who, "clicked", at(2), key, link="case", scans="a service")
    shop.live(minutes=5)
    assert mail.causes() == ["scans"] and mail.points(who) == 0
    mail.does(who, "downloaded", at(6))
    shop.live(minutes=20)
    both = mail.points(who)
    assert mail.causes() == [None]
    with begin_write(shop.engine) as conn:
        conn.execute(activity.delete().where(activity.c.kind == "clicked"))
    with begin_write(shop.engine) as conn:
        conn.execute(score.update().values(at=replaying.NEVER))
    replay_marks(shop.wired)
    assert both > mail.points(who) > 0


def known_network(mail: Mail, at: Callable[[float], datetime], net: str = "pool") -> None:
    """A scanner that comes minutes later and follows what nobody sees, in two facilities' letters."""
    for n in range(3):
        who = mail.shop.person()
        key = mail.letter(who, f"scanned{n}", account=900 + n)
        for link in ("case", TRAP):
            mail.does(who, "clicked", at(30 + 5 * n), key, link=link, net=net)


def test_a_network_that_follows_what_nobody_sees_is_known_by_the_hour(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who = shop.person()
    mail.does(who, "clicked", at(10), mail.letter(who, "mine"), link="case", net="pool")
    known_network(mail, at)
    shop.live(hours=1)
    assert mail.causes()[0] is None and mail.points(who) > 0
    done = learn_networks(shop.wired, shop.wired.now)
    assert mail.causes()[0] == "network" and dict(done.marked) == {"network": 1}
    assert [move.person for move in done.moved] == [who] and mail.points(who) == 0
    assert learn_networks(shop.wired, shop.wired.now).changed == 0
    # From now on it is known in time.
    mail.does(who, "clicked", at(70), mail.letter(who, "next"), link="case", net="pool")
    shop.live(hours=1)
    assert mail.causes()[-1] == "network" and mail.points(who) == 0


def test_colleagues_of_a_scanner_in_the_cellar_stay_people(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    for n in range(6):
        who = shop.person()
        key = mail.letter(who, f"m{n}", account=7)
        mail.does(who, "clicked", at(0.05), key, link="case", net="house")
        mail.does(who, "clicked", at(0.06), key, link=TRAP, net="house")
        mail.does(who, "clicked", at(40 + n), key, link="case", net="house")
    shop.live(hours=2)
    learn_networks(shop.wired, shop.wired.now)
    assert mail.causes()[-6:] == [None] * 6


def test_neighbours_of_a_slow_scanner_in_one_cellar_stay_people(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    for n in range(4):
        who = shop.person()
        key = mail.letter(who, f"m{n}", account=7)
        for link in ("case", TRAP):
            mail.does(who, "clicked", at(30), key, link=link, net="provider")
    colleague, neighbour = shop.person(account_id=None), shop.person()
    mail.does(colleague, "clicked", at(50), mail.letter(colleague, "c"), link="case", net="provider")
    mail.does(neighbour, "clicked", at(55), mail.letter(neighbour, "d"), link="case", net="provider")
    with begin_write(shop.engine) as conn:
        mine = activity.c.person_id != neighbour
        conn.execute(activity.update().where(mine).values(account_id=7))
    shop.live(hours=2)
    learn_networks(shop.wired, shop.wired.now)
    assert mail.causes()[-2:] == ["network", None], "whoever shares the address of the scanner looks like it"


def nets(mail: Mail) -> tuple[int, int]:
    """Clicks that know where they came from, and networks that are known."""
    with mail.shop.engine.connect() as conn:
        clicks = conn.scalars(select(activity.c.net).where(activity.c.net.is_not(None))).all()
        return len(clicks), len(conn.scalars(select(network.c.net)).all())


def test_clicks_forget_their_network_after_a_month_and_what_was_found_by_it_stands(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who = shop.person()
    mail.does(who, "clicked", at(10), mail.letter(who, "mine"), link="case", net="pool")
    known_network(mail, at)
    shop.live(hours=1)
    learn_networks(shop.wired, shop.wired.now)
    before = mail.marks()
    shop.live(days=KEPT.days + 1)
    replay_marks(shop.wired)
    assert nets(mail) == (0, 1) and mail.marks() == before
    # What it did is still known, and by whom it was seen is not.
    key, later = mail.letter(who, "next"), shop.wired.now + timedelta(minutes=10)
    mail.does(who, "clicked", later, key, link="case", net="pool")
    shop.live(hours=1)
    assert mail.causes()[-1] == "network"
    learn_networks(shop.wired, shop.wired.now + REMEMBERED / 2)
    assert nets(mail)[1] == 1
    learn_networks(shop.wired, shop.wired.now + REMEMBERED + timedelta(days=1))
    assert nets(mail) == (0, 0)


def stricter(shop: Workshop) -> None:
    """The file says that a minute is at once, too."""
    rules = shop.wired.workspace.scenarios / "rules" / "machines.yaml"
    rules.write_text("at_once_seconds: 120\n", "utf-8")
    shop.wired.files = read_files(shop.wired.workspace)
    shop.wired.__dict__.pop("book", None)


def test_a_changed_rule_is_tried_on_the_past_and_then_kept(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who, other = shop.person(), shop.person()
    mail.does(who, "clicked", at(1), mail.letter(who, "a"), link="case")
    mail.does(other, "clicked", at(30), mail.letter(other, "b"), link="case")
    shop.live(hours=1)
    rest, points = mail.points(other), mail.points(who)
    assert replay_marks(shop.wired).changed == 0
    stricter(shop)
    dry = replay_marks(shop.wired, dry=True)
    assert (dict(dry.marked), dry.people, dry.moved) == ({"at_once": 1}, {who}, [])
    assert mail.causes() == [None, None] and mail.points(who) == points
    done = replay_marks(shop.wired)
    assert (done.seen, dict(done.marked)) == (2, {"at_once": 1})
    assert [(move.person, move.before, move.after) for move in done.moved] == [(who, points * 10, 0)]
    assert mail.causes() == ["at_once", None] and mail.points(other) == rest
    assert replay_marks(shop.wired).changed == 0 and shop.tasks() == []
    with shop.engine.connect() as conn:
        assert conn.scalars(select(journey.c.id)).all() == conn.scalars(select(task.c.id)).all() == []


def test_since_looks_no_further_back(mail: Mail) -> None:
    shop, at = mail.shop, minutes(mail)
    who = shop.person()
    mail.does(who, "clicked", at(1), mail.letter(who, "a"), link="case")
    shop.live(hours=1)
    stricter(shop)
    assert replay_marks(shop.wired, at(30)).seen == 0
    assert replay_marks(shop.wired, at(0.5)).changed == 1


def test_killed_between_marks_and_scores_it_ends_the_work_when_repeated(
    mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, at = mail.shop, minutes(mail)
    who = shop.person()
    mail.does(who, "clicked", at(1), mail.letter(who, "a"), link="case")
    shop.live(hours=1)
    stricter(shop)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(replaying, "rescore", killed)
        with pytest.raises(KeyboardInterrupt):
            replay_marks(shop.wired)
    assert mail.causes() == ["at_once"] and mail.points(who) > 0
    done = replay_marks(shop.wired)
    assert done.changed == 0 and [move.person for move in done.moved] == [who]
    assert mail.points(who) == 0
