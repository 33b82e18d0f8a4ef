"""N7: the score is faulty. By hand at once, marked what was scored meanwhile, then all of it scored again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from hagukumi import mornings, wiring
from hagukumi.learning import drift
from hagukumi.learning.drift import Health, Truth
from hagukumi.wiring import Wired
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_read, begin_write
from models.tables.schema import alarm, forecast, journey, model, score, score_jump, suspension, task, walk
from tests.learning.conftest import call

STAFF = """staff:
  - {key: mori, name: 森 一郎, role: marketer}
"""
JUMP = ("submitted", "attended", "attended", "downloaded")


def act(wired: Wired, who: int, *kinds: str, content: str | None = None) -> None:
    """Somebody does these things now, and the engine hears of it."""
    now = wired.now
    with begin_write(wired.engine) as conn:
        receive(conn, [Arrival(who, None, kind, now, now, content=content) for kind in kinds])
    wired.house().react_now(now)


@pytest.fixture
def office(market: Wired) -> Wired:
    """The market, with somebody of marketing in it."""
    (market.workspace.folder / "staff.yaml").write_text(STAFF, "utf-8")
    return market


def tasks(wired: Wired) -> list[tuple[int, str]]:
    """Whose calls are open, and the code of the reason."""
    with begin_read(wired.engine) as conn:
        rows = conn.execute(select(task.c.person_id, task.c.reasons).order_by(task.c.id))
        return [(row.person_id, one["code"]) for row in rows for one in row.reasons]


def test_by_hand_at_once_and_back(office: Wired) -> None:
    act(office, 2, *JUMP)
    assert [who for who, _ in tasks(office)] == [2] and tasks(office)[0][1].startswith("jump")

    stopped = call(office, "score", "suspend", "--why", "wrong_rule", "--by", "mori", "--json")
    assert stopped.code == 0, stopped.err
    assert call(office, "score", "suspend", "--by", "mori").code == 1, "it is suspended already"
    assert call(office, "score", "suspend", "--by", "nobody").code == 1
    for _ in range(5):
        act(office, 4, "attended", "downloaded")
    act(office, 6, "submitted")
    act(office, 8, "visited")
    assert tasks(office)[1:] == [(6, "by_hand")], "a jump makes no task, a form does"
    with begin_read(office.engine) as conn:
        marked = dict(
            conn.execute(select(score.c.person_id, score.c.suspension_id).where(score.c.person_id.in_((2, 4, 6))))
            .tuples()
            .all()
        )
        jumped = conn.execute(
            select(score_jump.c.task_id).where(score_jump.c.person_id == 4, score_jump.c.suspension_id.is_not(None))
        ).all()
        walks = (
            conn.scalar(select(func.count()).select_from(walk)),
            conn.scalar(select(func.count()).select_from(journey)),
        )
    number = stopped.json["suspension"]
    assert marked == {2: None, 4: number, 6: number} and [row.task_id for row in jumped] == [None]
    assert "採点を止めています" in call(office, "tasks").out and "フォームからお問い合わせ" in call(office, "tasks").out
    assert call(office, "score", "explain", "4", "--json").json["suspended"]["why"] == "wrong_rule"
    assert "採点を止めています" in call(office, "doctor").out

    # The rule is mended: a webinar is worth less.
    rules = office.workspace.scenarios / "rules" / "points.yaml"
    rules.write_text(
        rules.read_text("utf-8").replace("points: 15\n    half_life: 30日", "points: 5\n    half_life: 30日"), "utf-8"
    )
    mended = wiring.wire(office.workspace)
    back = call(mended, "score", "resume", "--by", "mori", "--json")
    assert back.code == 0, back.err
    assert {each["person"] for each in back.json["moved"]} == {2, 4} and back.json["jumps"] == 1
    four = next(each for each in back.json["moved"] if each["person"] == 4)
    assert four["points"][1] < four["points"][0]
    with begin_read(mended.engine) as conn:
        assert not conn.scalars(select(score.c.person_id).where(score.c.suspension_id.is_not(None))).all()
        after = (
            conn.scalar(select(func.count()).select_from(walk)),
            conn.scalar(select(func.count()).select_from(journey)),
        )
        ended = conn.execute(select(suspension.c.ended_by)).scalar_one()
    assert after == walks and ended == "mori" and tasks(mended)[1:] == [(6, "by_hand")], (
        "nobody walked, no task was made"
    )
    assert call(mended, "score", "resume", "--by", "mori").code == 1
    act(mended, 10, *JUMP, "submitted", "replied")
    assert tasks(mended)[-1][0] == 10 and tasks(mended)[-1][1].startswith("jump"), "scores count again"
    mended.engine.dispose()


NOTHING = Truth(90, 0, 0.0, 0)


def seen(office: Wired, scores: float | None, ripe: Truth = NOTHING) -> Health:
    """How the model in use does when its PSI is `scores`, and so much came true."""
    with begin_read(office.engine) as conn:
        champion = conn.scalars(select(model.c.version).where(model.c.state == "champion")).one()
    return Health(champion, scores, (), ripe, NOTHING)


def ring(office: Wired, scores: float | None, at: timedelta = timedelta(), ripe: Truth = NOTHING) -> list[int]:
    """What a morning's look at the model does: the numbers of new alarms."""
    told = drift.ring(office.engine, seen(office, scores, ripe), office.now + at, office.calendar)
    return [one.id for one in told]


def going_on(office: Wired) -> list[str]:
    with begin_read(office.engine) as conn:
        return list(conn.scalars(select(alarm.c.code).where(alarm.c.ended_at.is_(None)).order_by(alarm.c.id)))


def test_an_alarm_ends_when_it_is_clearly_over_and_not_for_want_of_people(office: Wired) -> None:
    assert call(office, "score", "train").code == 0
    far, few, close, calm = (
        Truth(90, 500, 20.0, 60),
        Truth(90, 9, 1.0, 2),
        Truth(90, 500, 40.0, 54),
        Truth(90, 500, 40.0, 46),
    )
    assert far.alarming and not few.tells and not close.alarming and not close.calm and calm.calm
    day = timedelta(days=1)
    assert ring(office, 0.31, ripe=far) == [1, 2] and going_on(office) == ["drift", "calibration"]
    for number, (scores, ripe) in enumerate([(None, few), (0.24, close), (0.2, close), (None, NOTHING), (0.3, far)], 1):
        assert ring(office, scores, number * day, ripe) == [] and going_on(office) == ["drift", "calibration"]
    assert ring(office, 0.19, 6 * day, close) == [] and going_on(office) == ["calibration"]
    assert ring(office, 0.25, 7 * day, calm) == [] and going_on(office) == []
    assert ring(office, 0.26, 8 * day, close) == [3], "what lies between the lines rings no bell of its own"


def test_what_alarms_anew_is_why_scores_are_suspended(office: Wired) -> None:
    """Somebody goes on with scores though the population has moved; then what was said does not come true, either."""
    assert call(office, "score", "train").code == 0
    settings = office.workspace.folder / "hagukumi.yaml"
    settings.write_text(settings.read_text("utf-8") + "scoring: {on_alarm: suspend}\n", "utf-8")
    strict = wiring.wire(office.workspace)

    def suspensions() -> list[tuple[str, str, int]]:
        with begin_read(strict.engine) as conn:
            rows = conn.execute(
                select(suspension.c.by_whom, suspension.c.why, alarm.c.id)
                .select_from(suspension.outerjoin(alarm, alarm.c.suspension_id == suspension.c.id))
                .order_by(suspension.c.id)
            )
            return [row._tuple() for row in rows]

    assert mornings.ring(strict, seen(strict, 0.31)) == ("drift",)
    assert suspensions() == [("alarm", "drift", 1)]
    assert call(strict, "score", "resume", "--by", "mori").code == 0
    assert mornings.ring(strict, seen(strict, 0.31, Truth(90, 500, 20.0, 60))) == ("calibration",)
    assert suspensions() == [("alarm", "drift", 1), ("alarm", "calibration", 2)]
    strict.engine.dispose()


def test_an_alarm_is_one_task_of_marketing_until_it_ends_or_somebody_has_looked(office: Wired) -> None:
    assert call(office, "score", "train").code == 0
    wiring.sync_staff(office)
    assert len(ring(office, 0.31)) == 1
    day = timedelta(days=1)
    assert [ring(office, 0.35, n * day) for n in (1, 2, 3)] == [[], [], []], "once, not every day"
    (told,) = [one for one in call(office, "tasks", "--json").json if one["desk"] == "MA"]
    assert (told["id"], told["kind"], told["owner"], told["lead"]) == ("alarm-1", "alarm", "mori", None)
    assert told["reason"] == "採点される方々が、学習したころと変わっています(PSI 0.31、0.25を超えると別の集団)"
    assert "score suspend --by 担当者 --why drift" in told["todo"] and told["due"] > told["made_at"]
    shown = call(office, "tasks").out
    assert "alarm-1" in shown and "モデルの警報" in shown and "マーケティング / 森 一郎" in shown
    assert "not like those who taught" in call(office, "--lang", "en", "tasks", "--owner", "mori").out
    assert call(office, "tasks", "--owner", "sato", "--json").json == []
    for words in (("show",), ("done", "-o", "不在"), ("off-target",), ("give", "--to", "mori")):
        refused = call(office, "tasks", words[0], "alarm-1", *words[1:])
        assert refused.code == 1 and "hagukumi score health --seen-by" in refused.err

    assert ring(office, 0.05, 4 * day) == [], "it is gone by itself"
    assert call(office, "tasks", "--json").json == []
    assert ring(office, 0.4, 5 * day) == [2], "and comes again as another one"
    with begin_write(office.engine) as conn:
        conn.execute(update(alarm).where(alarm.c.id == 2).values(seen_at=office.now, seen_by="mori"))
    assert call(office, "tasks", "--json").json == []
    assert ring(office, 0.4, 6 * day) == [], "who has looked is not asked again while it goes on"
    ring(office, 0.05, 7 * day)
    assert ring(office, 0.4, 8 * day) == [3]


def test_the_alarm_of_a_model_that_is_not_in_use_any_more_is_nobodys_task(office: Wired) -> None:
    assert call(office, "score", "train").code == 0
    ring(office, 0.31)
    with begin_write(office.engine) as conn:
        conn.execute(update(model).values(state="retired"))
        conn.execute(insert(model).values(version="m2", state="champion", kind="points", made_at=office.now,
            known_until=office.now, horizon_days=90, digest="0"))  # fmt: skip
    assert call(office, "tasks", "--json").json == []
    assert ring(office, 0.1) == []
    with begin_read(office.engine) as conn:
        assert conn.scalars(select(alarm.c.seen_by)).one() == "settled"


def test_an_alarm_that_nobody_of_marketing_could_take_is_given_when_somebody_comes(office: Wired) -> None:
    assert call(office, "score", "train").code == 0
    (office.workspace.folder / "staff.yaml").write_text("staff:\n  - {key: ito, name: 伊藤 花, role: is}\n", "utf-8")
    office = wiring.wire(office.workspace)
    wiring.sync_staff(office)
    ring(office, 0.31)
    assert [one["owner"] for one in call(office, "tasks", "--json").json] == [None]
    assert "担当未定" in call(office, "tasks").out
    (office.workspace.folder / "staff.yaml").write_text(STAFF, "utf-8")
    office = wiring.wire(office.workspace)
    wiring.sync_staff(office)
    ring(office, 0.31)
    assert [one["owner"] for one in call(office, "tasks", "--json").json] == ["mori"]
    office.engine.dispose()


def test_a_model_that_does_not_fit_any_more_alarms(office: Wired) -> None:
    """Everybody suddenly reads ten times as much: these are other people than those who taught."""
    assert call(office, "score", "train").code == 0
    people = list(range(1, 601))
    for days in range(92, 146, 9):
        office.chances.everybody(office.engine, people, office.now - timedelta(days=days))
    well = call(office, "score", "health", "--json")
    assert well.code == 0 and well.json["alarms"] == [] and well.json["ripe"]["people"] > 200, well.out
    assert mornings.watch_model(office) == ()

    now = office.now
    with begin_write(office.engine) as conn:
        receive(
            conn,
            [Arrival(one, None, "downloaded", now, now, content="hospital-roi") for one in people for _ in range(8)],
        )
        conn.execute(update(forecast).values(log_odds=2_000))
    office.house().react_now(now)
    assert set(mornings.watch_model(office)) == {"drift", "calibration"}, "it is told once"
    assert mornings.watch_model(office) == (), "and not every day again"
    with begin_read(office.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(suspension)) == 0, "people are asked first"
    ill = call(office, "score", "health", "--json").json
    assert ill["psi"] > 0.25 and ill["features"] and "drift" in ill["waiting"]
    assert "モデルの警報" in call(office, "doctor").out
    assert {one["code"] for one in call(office, "tasks", "--json").json if one["kind"] == "alarm"} == set(
        ill["waiting"]
    )
    assert call(office, "score", "health", "--seen-by", "mori", "--json").json["waiting"] == []
    assert "モデルの警報" not in call(office, "doctor").out
    assert mornings.watch_model(office) == (), "who has looked is not told again next morning"

    settings = office.workspace.folder / "hagukumi.yaml"
    settings.write_text(settings.read_text("utf-8") + "scoring: {on_alarm: suspend}\n", "utf-8")
    with begin_write(office.engine) as conn:
        conn.execute(alarm.delete())
    strict = wiring.wire(office.workspace)

    def held() -> tuple[list[tuple[str, str]], set[int | None], set[int]]:
        with begin_read(strict.engine) as conn:
            rows = conn.execute(select(suspension.c.by_whom, suspension.c.why, suspension.c.id)).all()
            return (
                [(row[0], row[1]) for row in rows],
                set(conn.scalars(select(alarm.c.suspension_id))),
                {row[2] for row in rows},
            )

    looked = call(office, "score", "health", "--json").json
    said, led, numbers = held()
    assert looked["suspended"] and said == [("alarm", "drift")] and led == numbers, "whoever looks first"
    assert "採点を止めています" in call(office, "score", "health").out
    assert mornings.watch_model(strict) == ()
    with begin_write(strict.engine) as conn:
        conn.execute(alarm.delete())
        conn.execute(suspension.delete())
    assert set(mornings.watch_model(strict)) == {"drift", "calibration"}
    said, led, numbers = held()
    assert said == [("alarm", "drift")] and led == numbers
    strict.engine.dispose()
