"""`score replay` as people and programs see it."""

import pytest

from tests.cli.lines import Line

LENIENT = "sure: 99\npoints: {known_agent: 1}\n"


@pytest.fixture
def lenient(at_work: Line) -> Line:
    """A workspace with a scanner's click, whose rule was changed so that it is a person's."""
    folder = at_work.folder
    assert folder is not None
    for words in (
        ("import", "people", f"{folder}/people.csv", "--map", "ours"),
        ("tick", "--until", "2026-04-06 12:00"),
        ("import", "activities", f"{folder}/reactions.csv", "--map", "reactions"),
        ("tick", "--until", "2026-04-08"),
    ):
        assert at_work(*words).code == 0
    (folder / "scenarios" / "rules" / "machines.yaml").write_text(LENIENT, "utf-8")
    return at_work


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_it_tells_what_changes_and_whose_score(lenient: Line, lang: str) -> None:
    tried = lenient("score", "replay", "--dry-run", "--lang", lang)
    assert tried.code == 0 and {"ja": "何も残していません", "en": "nothing was kept"}[lang] in tried.out
    done = lenient("score", "replay", "--lang", lang)
    assert {"ja": "既知の巡回・検査プログラム", "en": "a known scanner or crawler"}[lang] in done.out
    assert "→ 5.0" in done.out or "→ " in done.out
    again = lenient("score", "replay", "--lang", lang)
    assert {"ja": "変わった印はありません", "en": "No mark has changed"}[lang] in again.out


def test_programs_get_stable_keys(lenient: Line) -> None:
    tried = lenient("score", "replay", "--dry-run", "--json").json
    assert tried == {
        "seen": 1, "marked": {}, "cleared": {"known_agent": 1}, "other_cause": 0, "people": 1, "moved": [],
        "withdrawn": 0, "dry_run": True,
    }  # fmt: skip
    assert lenient("score", "replay", "--since", "2026-04-07", "--json").json["seen"] == 0
    done = lenient("score", "replay", "--json").json
    ((moved,), cleared) = done["moved"], done["cleared"]
    assert cleared == {"known_agent": 1} and moved["after"] > moved["before"]


def test_a_time_that_is_none_is_refused(lenient: Line) -> None:
    assert lenient("score", "replay", "--since", "yesterday").code == 2
