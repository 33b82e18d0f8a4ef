"""The life of the workspace's models, by command: trained, listed, explained, replaced, gone back to, refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hagukumi import wiring
from hagukumi.wiring import Wired
from hagukumi.workspace import DATABASE_VARIABLE
from models.tables.engine import begin_read
from models.tables.schema import forecast, person, score
from tests.learning.conftest import call
from tests.learning.market import open_market


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
    import subprocess

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
