"""The life of the workspace's models, by command: trained, listed, explained, replaced, gone back to, refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hagukumi import wiring
from hagukumi.mornings import between
from hagukumi.ticking import tick
from hagukumi.wiring import Wired
from hagukumi.workspace import CHECKOUT, DATABASE_VARIABLE
from models.tables.engine import begin_read
from models.tables.schema import forecast, person, score
from tests.learning.conftest import call
from tests.learning.market import open_market, pass_days


def test_a_models_life(market: Wired) -> None:
    """Everything in one life: training is what takes time here."""
    first = call(market, "score", "train", "--json")
    assert first.code == 0, first.err
    learned = first.json
    assert learned["state"] == "champion" and learned["succeeded"] >= 50 and learned["gap"]
    assert learned["auc"] > learned["baseline"] - 0.02 and learned["auc"] > 0.75 and learned["ece"] < 0.05

    people = list(range(1, 601))
    assert market.chances.everybody(market.engine, people, market.now) == 600
    with begin_read(market.engine) as conn:
        rows = conn.execute(
            select(person.c.stage, score.c.log_odds, score.c.model).join_from(
                person, score, person.c.id == score.c.person_id
            )
        )
        said = [tuple(row) for row in rows]
        kept = conn.scalar(select(func.count()).select_from(forecast))
        best = conn.scalars(select(score.c.person_id).order_by(score.c.log_odds.desc().nulls_last())).first()
        stored = conn.scalar(select(score.c.log_odds).where(score.c.person_id == best))
    assert all((odds is None) == (stage == "sql") for stage, odds, _ in said), "an SQL has no chance of becoming one"
    assert {model for stage, _, model in said if stage == "lead"} == {learned["version"]}
    assert 0 < (kept or 0) < 150, "a seventh is kept a day"

    explained = call(market, "score", "explain", str(best), "--json").json
    assert explained["log_odds"] == stored / 1000 if stored is not None else False
    assert round(sum(round(1000 * each["log_odds"]) for each in explained["reasons"])) == stored
    assert explained["model"] == learned["version"] and 0 < explained["probability"] < 1
    assert "90日以内にSQLになる確率" in call(market, "score", "explain", str(best)).out

    assert call(market, "score", "train", "--json").json["version"] == learned["version"], "the same again is the same"
    pass_days(market, 1)
    second = call(market, "score", "train", "--json").json
    listed = call(market, "score", "models", "--json").json
    assert {each["version"]: each["state"] for each in listed} == {
        learned["version"]: "champion", second["version"]: "challenger",
    }  # fmt: skip
    market.chances.everybody(market.engine, people, market.now)
    with begin_read(market.engine) as conn:
        assert set(conn.scalars(select(score.c.model).where(score.c.model.is_not(None)))) == {learned["version"]}
        assert set(conn.scalars(select(forecast.c.model))) == {learned["version"], second["version"]}

    assert call(market, "score", "use", second["version"], "--json").json["before"] == learned["version"]
    assert call(market, "score", "use", learned["version"], "--json").json["before"] == second["version"]
    assert "モデルカード" in call(market, "score", "card").out
    page = market.workspace.folder / "card.html"
    assert call(market, "score", "card", learned["version"], "--out", str(page)).code == 0
    assert "<svg" in page.read_text("utf-8") and "点数" in page.read_text("utf-8")

    # Somebody puts another file in its place.
    file = market.workspace.var / "models" / f"{learned['version']}.skops"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    again = wiring.wire(market.workspace)
    assert again.chances.everybody(again.engine, people, again.now) == 600, "the challenger still scores"
    refused = call(market, "score", "explain", str(best), "--json").json
    assert refused["probability"] is None and refused["why_not"] == "model-changed" and refused["points"] >= 0
    assert "書き換えられて" in call(market, "score", "explain", str(best)).out
    assert "書き換えられて" in call(market, "score", "models").out
    back = call(market, "score", "use", learned["version"])
    again.engine.dispose()
    assert back.code == 1 and "書き換えられて" in back.err


def test_the_card_of_a_model_says_what_has_become_of_it_since(market: Wired) -> None:
    version = call(market, "score", "train", "--json").json["version"]
    market.chances.everybody(market.engine, list(range(1, 601)), market.now)
    for named in ((), (version,)):
        drift = call(market, "score", "card", *named, "--json").json["drift"]
        assert drift["psi"] is not None and {each["column"] for each in drift["features"]} > {"points", "visited:days"}
        assert drift["ripe"]["days"] == 90 and drift["early"]["days"] == 30 and drift["alarms"] == []
    since = call(market, "score", "card").out.split("## その後の変化")[1].split("##")[0]
    assert "| 変化(PSI): 点数 |" in since and "90日たった採点" in since
    assert "visited" not in since, "features as people call them"
    page = market.workspace.folder / "since.html"
    assert call(market, "score", "card", "--out", str(page), "--lang", "en").code == 0
    assert "Since then" in page.read_text("utf-8")

    # Somebody puts another file in its place: no list says "in use" while another command knows of no model.
    file = market.workspace.var / "models" / f"{version}.skops"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    for lang, words in (("ja", "書き換えられています"), ("en", "changed after it was stored")):
        health = call(market, "score", "health", "--lang", lang)
        assert health.code == 1 and words in health.err and version in health.err
    # What a command has to say it says itself; a log of the engine would speak English to everybody.
    alone = [sys.executable, "-m", "hagukumi", "-w", str(market.workspace.folder), "score", "models", "--lang", "ja"]
    printed = subprocess.run(alone, capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert "書き換えられて" in printed.stdout and printed.stderr == ""


def test_a_tick_over_two_mornings_scores_everybody_by_the_model_in_use(market: Wired) -> None:
    learned = call(market, "score", "train", "--json").json
    rounds = between(market.calendar, market.now, market.now + timedelta(days=2))
    tick(market, market.now + timedelta(days=2))
    with begin_read(market.engine) as conn:
        leads = select(person.c.id).where(person.c.stage == "lead")
        models = set(conn.scalars(select(score.c.model).where(score.c.person_id.in_(leads))))
        told = set(conn.scalars(select(forecast.c.at)))
    assert models == {learned["version"]} and len(rounds) == 2
    assert set(rounds) <= told, "a seventh of what was said is kept each morning"


def test_too_few_outcomes_leave_the_points_alone(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, sqlite_url)
    wired = open_market(tmp_path / "w", 100, rate=0.2)
    for lang, words in (("ja", "点数だけで運用します"), ("en", "points stand alone")):
        said = call(wired, "score", "train", "--lang", lang)
        assert said.code == 1 and words in said.err and "50" in said.err
    assert call(wired, "score", "models", "--json").json == []
    assert not (wired.workspace.var / "models").exists()
    explained = call(wired, "score", "explain", "1", "--json").json
    assert explained["probability"] is None and explained["why_not"] == "no_model" and explained["reasons"] == []
    assert call(wired, "score", "use", "m1").code == 1
    assert "score train" in call(wired, "score", "card").err
    wired.engine.dispose()


def test_without_a_model_nothing_heavy_is_loaded(sqlite_url: str, tmp_path: Path) -> None:
    """In a process of its own: this one has loaded everything already."""
    import os

    code = (
        "import sys; from pathlib import Path; from tests.learning.market import open_market\n"
        f"w = open_market(Path({str(tmp_path / 'w')!r}), 20)\n"
        "before = set(sys.modules)\n"
        "w.chances.everybody(w.engine, list(range(1, 21)), w.now); w.house().react_now(w.now)\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "assert not new & {'sklearn', 'scipy', 'skops', 'pandas'}, new\n"
        "assert 'sklearn' not in sys.modules\n"
    )
    own = {**os.environ, DATABASE_VARIABLE: sqlite_url}
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_who_changed_is_scored_in_batches_and_a_flood_loses_nobody(
    market: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webinar with everybody: each has a score as of their own instant, said by few predictions."""
    from hagukumi.learning import live
    from models.scoring.model import Model
    from models.scoring.tables import Floats, Table
    from models.tables.arrivals import Arrival, receive
    from models.tables.engine import begin_write

    assert call(market, "score", "train").code == 0
    asked: list[int] = []
    said = Model.log_odds

    def counted(self: Model, table: Table) -> Floats:
        asked.append(table.rows)
        return said(self, table)

    monkeypatch.setattr(Model, "log_odds", counted)
    monkeypatch.setattr(live, "BATCH", 250)
    came = market.now
    with begin_write(market.engine) as conn:
        receive(conn, [Arrival(one, None, "attended", came, came, content="overtime-seminar") for one in range(1, 601)])
    market.house().react_now(came)
    with begin_read(market.engine) as conn:
        rows = conn.execute(
            select(score.c.person_id, score.c.chance_at, score.c.log_odds, person.c.stage)
            .join_from(score, person, score.c.person_id == person.c.id)
            .order_by(score.c.person_id)
        ).all()
    assert [row.person_id for row in rows] == list(range(1, 601)) and {row.chance_at for row in rows} == {came}
    assert all((row.log_odds is None) == (row.stage == "sql") for row in rows)
    assert len(asked) <= 4, "a prediction a batch, not a person"
    asked.clear()
    assert market.house().react_now(came).people == 0 and not asked


def test_both_models_are_compared_on_what_happened_since(market: Wired) -> None:
    """What they say of moments long ago is as if they had said it then."""
    from datetime import timedelta

    assert call(market, "score", "train").code == 0
    pass_days(market, 1)
    assert call(market, "score", "train").code == 0
    people = list(range(1, 601))
    for weeks in range(16, 30, 2):
        market.chances.everybody(market.engine, people, market.now - timedelta(weeks=weeks))
    ripe, early = call(market, "score", "compare", "--json").json
    assert ripe["rows"] > 200 and ripe["outcomes"] >= 10 and ripe["days"] == 90 and early["days"] == 30
    assert all(side["auc"] > 0.6 and side["ece"] < 0.2 for side in ripe["sides"])
    assert "比較用(表に" in call(market, "score", "compare").out
