"""What a platform is told: differences only, whatever breaks in between, and never somebody who has refused."""

import csv
import random
from pathlib import Path

import pytest
from sqlalchemy import Engine

from abm.audience import Audience, AudienceRules, Platform, Way
from abm.contact import hashed
from hagukumi.channels.ads.file import Folder
from hagukumi.programme.audiences import follow
from hagukumi.programme.pushing import Pushed, overdue, push
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read
from models.tables.schema import audience_push
from tests.audiences.market import DAY, NOW, Market, Platformish, asked, one, rules
from tests.rows import rows_of


def _push(market: Market, which: AudienceRules, platform: Platformish, *, quick: bool = False) -> list[Pushed]:
    follow(market.engine, which, asked(market.now))
    return push(market.engine, which, asked(market.now), platform.open, only_removals=quick)


def _box(number: int) -> tuple[str, str]:
    return hashed(f"p{number}@f.example"), ""


def test_the_first_push_tells_all_and_the_next_only_what_has_changed(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    ids = market.people(place, 3)
    which = rules(one(kind="people"))
    (first,) = _push(market, which, platform)
    assert (first.added, first.removed, first.where) == (3, 0, "there")
    (again,) = _push(market, which, platform)
    assert again == Pushed("ours", 0, 0, 0, None) and len(platform.calls) == 1
    market.refuse(ids[0], "ads")
    market.people(place)
    (next_,) = _push(market, which, platform)
    assert (next_.added, next_.removed) == (1, 1)
    assert platform.has["ours"] == platform.full["ours"] == {_box(1), _box(2), _box(3)}
    states = rows_of(engine, audience_push, "added", "removed", "state", "answer")
    assert states == [(3, 0, "settled", "taken"), (1, 1, "settled", "taken")]


@pytest.mark.parametrize("broken", ["before", "after"])
def test_a_push_without_an_answer_is_told_again_and_nobody_is_forgotten(engine: Engine, broken: str) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    ids = market.people(place, 3)
    which = rules(one(kind="people"))
    platform.broken = broken
    with pytest.raises(NotDone) as refused:
        _push(market, which, platform)
    assert refused.value.code == "audience-not-taken"
    # Somebody of whom nobody knows whether they arrived refuses: they are taken out all the same.
    market.refuse(ids[0], "ads")
    platform.broken = ""
    (done,) = _push(market, which, platform)
    assert done.removed == 1
    assert platform.has["ours"] == {_box(1), _box(2)}
    assert [*rows_of(engine, audience_push, "state")] == ["failed", "settled"]
    assert _push(market, which, platform) == [Pushed("ours", 0, 0, 0, None)]


def test_a_crash_between_the_call_and_the_answer_does_no_harm(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    (who, other) = market.people(place, 2)
    which = rules(one(kind="people"))

    class Killed(BaseException):
        pass

    class Dying(Platformish):
        def hand(self, what):  # type: ignore[no-untyped-def]
            super().hand(what)
            raise Killed

    dying = Dying(has=platform.has)
    with pytest.raises(Killed):
        _push(market, which, dying)
    assert rows_of(engine, audience_push, "state") == ["made"]
    market.refuse(who, "ads")
    _push(market, which, platform)
    assert platform.has["ours"] == {_box(1)} and other


def test_below_the_floor_nobody_new_is_told_but_who_refuses_is_taken_out(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    ids = market.people(place, 400)
    which = one(kind="people", platform="google", floor=120)
    (enough,) = _push(market, rules(which), platform)
    assert enough.added == 400
    for each in ids[:10]:
        market.refuse(each, "ads")
    market.people(place, 5)
    (fewer,) = _push(market, rules(which), platform)
    assert (fewer.added, fewer.removed, fewer.kept_back, fewer.why) == (0, 10, 5, "below")
    assert len(platform.has["ours"]) == 390


def test_below_the_floor_from_the_beginning_nothing_is_sent_and_it_is_said(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    market.people(place, 250)
    (told,) = _push(market, rules(one(kind="people", platform="google")), platform)
    assert told == Pushed("ours", 0, 0, 250, "below") and platform.calls == []


def test_another_address_takes_the_place_of_the_old_one(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    who, other = market.people(place, 2)
    which = rules(one(kind="people"))
    _push(market, which, platform)
    market.now = NOW + DAY
    market.change("person", who, department="看護部")
    assert _push(market, which, platform) == [Pushed("ours", 0, 0, 0, None)]
    market.change("person", who, email_norm="new@f.example")
    market.change("person", other, email_norm="p0@f.example")
    _push(market, which, platform)
    # The first one's old address is the other one's new one: it stays.
    assert platform.has["ours"] == {(hashed("new@f.example"), ""), _box(0)}


def test_members_are_told_again_before_the_platform_forgets_them(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    market.people(place, 2)
    which = rules(one(kind="people"))
    _push(market, which, platform)
    market.now = NOW + 500 * DAY
    assert _push(market, which, platform)[0].added == 0
    market.now = NOW + 510 * DAY
    assert _push(market, which, platform)[0].added == 2
    assert _push(market, which, platform)[0].added == 0


def test_after_a_refusal_only_removals_leave_at_once_and_doctor_knows_what_is_overdue(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    (who, _) = market.people(place, 2)
    which = rules(one(kind="people"))
    _push(market, which, platform)
    market.refuse(who, "ads")
    market.people(place, 3)
    follow(engine, which, asked())
    with begin_read(engine) as conn:
        assert overdue(conn, NOW + DAY) == [("ours", 1)] and overdue(conn, NOW) == []
    (done,) = _push(market, which, platform, quick=True)
    assert (done.added, done.removed) == (0, 1)
    with begin_read(engine) as conn:
        assert overdue(conn, NOW + DAY) == []
    assert _push(market, which, platform)[0].added == 3


def test_an_audience_out_of_the_file_is_emptied_on_its_platform(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    market.facilities(3)
    _push(market, rules(one()), platform)
    assert len(platform.has["ours"]) == 3
    ways: list[Way | None] = []

    def opened(name: str, on: Platform, way: Way | None) -> Platformish:
        ways.append(way)
        return platform

    follow(engine, rules(), asked())
    push(engine, rules(), asked(), opened)
    # By the way it came: the platform has its own name for it.
    assert platform.has["ours"] == set() and ways == ["api"]


def test_whatever_happens_the_platform_never_keeps_somebody_who_refused(engine: Engine) -> None:
    market, platform = Market(engine), Platformish()
    (place,) = market.facilities(1)
    ids = market.people(place, 12)
    which: tuple[Audience, ...] = (one(kind="people"),)
    chance, refused, settled = random.Random(11), set[int](), 0
    for _ in range(30):
        match chance.randint(0, 3):
            case 0:
                refused.add(who := chance.choice(ids))
                market.refuse(who, "ads")
            case 1:
                market.change("person", chance.choice(ids), left_company=chance.random() < 0.5)
            case 2:
                platform.broken = chance.choice(["", "before", "after"])
            case _:
                market.now += DAY
        try:
            _push(market, rules(*which), platform)
        except NotDone:
            continue
        settled += 1
        gone = {_box(ids.index(each)) for each in refused}
        assert not platform.has.get("ours", set()) & gone
        assert platform.has.get("ours", set()) == {_box(ids.index(each)) for each in market.members()}
    assert settled > 8 and len(refused) > 3


def test_the_folder_holds_the_whole_list_and_the_difference_ready_to_upload(engine: Engine, tmp_path: Path) -> None:
    market = Market(engine)
    first, second = market.facilities(2, city="千代田区", prefecture="東京都", postal_code="100-0001", headcount=40_000)
    which, folder = rules(one(platform="linkedin")), Folder(tmp_path)

    def act() -> Path:
        follow(engine, which, asked(market.now))
        (done,) = push(engine, which, asked(market.now), lambda *_: folder)
        assert done.where is not None
        return Path(done.where)

    place = act()
    assert [each.name for each in sorted(place.iterdir())] == ["add.csv", "full.csv", "remove.csv"]
    header, row, *_ = _read(place / "full.csv")
    assert header == [
        "companyname", "companywebsite", "companyemaildomain", "linkedincompanypageurl", "stocksymbol", "industry",
        "city", "state", "companycountry", "zipcode",
    ]  # fmt: skip
    assert row == ["見本0病院", "https://f0.example", "f0.example", "", "", "", "千代田区", "東京都", "JP", "100-0001"]
    assert _read(place / "add.csv") == _read(place / "full.csv")
    assert not (place / "full.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (place / "full.csv").stat().st_mode & 0o777 == 0o600
    market.change("account", first, domain="rival.example")
    later = act()
    assert later != place and not place.exists()
    assert [len(_read(later / f"{name}.csv")) - 1 for name in ("full", "add", "remove")] == [1, 0, 1]
    assert second in market.members()


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)]


def test_a_folder_that_cannot_be_written_says_so_and_the_next_push_tells_the_same(
    engine: Engine, tmp_path: Path
) -> None:
    market = Market(engine)
    market.facilities(2)
    blocked = tmp_path / "ads"
    blocked.write_text("", "utf-8")
    which = rules(one())
    follow(engine, which, asked())
    with pytest.raises(NotDone) as refused:
        push(engine, which, asked(), lambda *_: Folder(blocked))
    assert refused.value.code == "audience-not-written"
    blocked.unlink()
    (done,) = push(engine, which, asked(), lambda *_: Folder(blocked))
    assert done.added == 2


def test_a_list_longer_than_linkedin_takes_goes_on_in_a_second_file(tmp_path: Path, monkeypatch: object) -> None:
    from hagukumi.channels.ads import file
    from hagukumi.channels.ads.handing import Handing

    rows = [(f"{n}", "") for n in range(7)]
    what = Handing("ours", "file", "people", 1, NOW, rows, [], lambda: iter(rows), 540)
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.setattr(file, "MOST_ROWS", 3)
    place = Path(Folder(tmp_path).hand(what).where)
    assert [len(_read(place / f"full{end}.csv")) - 1 for end in ("", "-2", "-3")] == [3, 3, 1]
