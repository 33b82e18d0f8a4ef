"""Every reason the engine can give has a sentence in both languages."""

import re
from pathlib import Path
from typing import get_args

import pytest

from hagukumi.journeys.core.effects import TaskKind
from hagukumi.journeys.core.verdict import Why
from hagukumi.journeys.language.conditions import CHOICES, DEEDS, FLAGS, NUMBERS, SETS, TEXTS
from hagukumi.journeys.steps.outcomes import CONVERSATIONS, NOT_REACHED, VISIT_RESULTS
from hagukumi.letters import limits
from hagukumi.reading.say import REASONS, sentence
from hagukumi.words import names
from hagukumi.words.happened import KINDS, happening
from hagukumi.words.review import REASONS as OF_REVIEWS

ROOT = Path(__file__).parents[2]
PLACES = [*ROOT.glob("hagukumi/**/*.py"), *ROOT.glob("models/**/*.py")]
GIVEN = re.compile(r'Why\(\s*"([a-z_]+)"|why=[\[(]"([a-z_]+)"|code = "(tag[a-z_]+)"')
CHOSEN = re.compile(r'Why\(\s*"([a-z_]+)" if [^)]*? else "([a-z_]+)"')


def given_codes() -> set[str]:
    """Codes as they stand in the source; those made from parts are listed by hand."""
    found: set[str] = set()
    for path in PLACES:
        text = path.read_text("utf-8")
        if "Why(" in text or "why=" in text:
            found |= {code for pattern in (GIVEN, CHOSEN) for match in pattern.findall(text) for code in match if code}
    refused = {f"stop_{cause}" for cause in ("refused", "unsubscribed", "spam_report", "former_tool")}
    said_by = re.search(r"Reasons: ([^.]+)\.", limits.CannotRender.__doc__ or "")
    assert said_by is not None
    unprinted = {f"stop_{reason}" for reason in re.findall(r"[a-z_]+", said_by[1])}
    asked = {f"asked_{kind}" for kind in names.TASK_KINDS}
    return found | refused | unprinted | asked | {"entered", "jump_rise", "jump_line"}


def test_every_code_in_the_source_has_a_sentence() -> None:
    codes = given_codes()
    assert {"waited", "letter_accepted", "hold_voice", "hold_task", "sender_died", "tag_removed"} <= codes
    assert codes - REASONS.keys() - OF_REVIEWS.keys() - {"code"} == set()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("code", sorted(REASONS))
def test_no_sentence_is_empty_or_leaves_a_place_open(code: str, lang: str) -> None:
    said = sentence(Why(code, tuple("abcdef")), lang)
    assert said and not re.search(r"[{}]", said)
    assert re.search(r"[ぁ-んァ-ン一-龥]", said) is None if lang == "en" else True


def test_values_are_said_as_people_say_them() -> None:
    assert sentence(Why("hold_hours", ("2026-01-20 09:00",)), "ja") == "送信時間外のため1月20日(火) 09:00まで保留"
    assert "Tue 20 Jan 09:00" in sentence(Why("hold_hours", ("2026-01-20 09:00",)), "en")
    assert sentence(Why("handed_over", ("inside_sales",)), "ja") == "インサイドセールスへトスアップしました"
    assert (
        sentence(Why("letter_written", ("a/b",)), "en", lambda name: "A checklist")
        == "Prepared the letter “A checklist”"
    )


def test_a_value_is_never_taken_for_a_place() -> None:
    assert sentence(Why("jump_rise", ("{3}", "2", "7", "{0}", "x")), "ja") == "{0}で、7日間に{3}→2点"


def test_a_code_nobody_knows_is_shown_as_it_stands() -> None:
    assert sentence(Why("of_tomorrow", ("1",)), "ja") == "of_tomorrow 1"


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", [*KINDS, "of_tomorrow", "changed"])
def test_every_activity_is_a_line(kind: str, lang: str) -> None:
    for content in (None, "見本"):
        said = happening(kind, content, None, None, lang)
        assert said and "{" not in said


def test_a_change_says_what_stood_before() -> None:
    told = {"attribute": "stage", "old": "lead"}
    assert happening("changed", None, None, told, "ja") == "段階が変わりました(変更前: リード)"
    assert happening("changed", None, None, told, "en") == "Stage changed (before: lead)"


@pytest.mark.parametrize(
    ("told", "ja", "en"),
    [
        (("stage", "lead", "mql"), "段階が変わりました: リード → MQL", "Stage changed: lead → MQL"),
        (("tags", [], ["roi"]), "タグを追加: roi", "Tag added: roi"),
        (("tags", ["a", "b"], ["b", "c"]), "タグを追加: c; タグを削除: a", "Tag added: c; Tag removed: a"),
        (("tags", ["a"], ["a"]), "タグが変わりました: a → a", "Tags changed: a → a"),
    ],
)
def test_a_change_says_what_came_and_what_went(told: tuple[str, object, object], ja: str, en: str) -> None:
    detail = dict(zip(("attribute", "old", "new"), told, strict=True))
    assert happening("changed", None, None, detail, "ja") == ja
    assert happening("changed", None, None, detail, "en") == en


def test_every_result_of_a_call_has_english_words() -> None:
    for outcome in NOT_REACHED | CONVERSATIONS:
        said = happening("called", None, outcome, None, "en")
        assert said.isascii(), said
        assert happening("called", None, outcome, None, "ja") == f"電話: {outcome}"
    assert happening("called", None, "不在", None, "en") == "Call: no answer"


@pytest.mark.parametrize("asked", [*DEEDS, *TEXTS, *CHOICES, *NUMBERS, *FLAGS, *SETS.values(), "stage", "rule"])
def test_whatever_a_stop_rule_asks_about_has_words_where_a_play_ends(asked: str) -> None:
    for lang in ("ja", "en"):
        assert "because_" not in sentence(Why("play_stopped", (f"because_{asked}", "7")), lang)


@pytest.mark.parametrize("result", VISIT_RESULTS.values())
def test_results_of_visits_are_said_in_english_too(result: str) -> None:
    said = (sentence(Why("visit_result", (result,)), "en"), happening("visit_result", None, result, None, "en"))
    assert all(text.isascii() for text in said)


def test_why_nothing_was_posted_is_said_in_words() -> None:
    for state in ("returned", "stopped", "withdrawn"):
        assert state not in sentence(Why("post_not_posted", (state,)), "ja")
    for code in names.KEPT_PAPERS:
        assert code not in sentence(Why("post_paper", ("one-page", code)), "ja")
    sources = "".join(path.read_text("utf-8") for path in ROOT.glob("hagukumi/papers/*.py"))
    raised = re.findall(r'refused\(\s*"([a-z-]+)"', sources)
    of_papers = {code if code.startswith("print-") else f"paper-{code}" for code in (*raised, "unapproved")}
    assert of_papers - {"paper-no-address", "paper-person-elsewhere"} == names.KEPT_PAPERS.keys()


@pytest.mark.parametrize(("lang", "words"), [("ja", ["電話", "依頼", "トスアップ", "郵送", "訪問"]), ("en", None)])
def test_every_kind_of_task_has_words(lang: str, words: list[str] | None) -> None:
    said = [names.name_of(names.TASK_KINDS, kind, lang) for kind in get_args(TaskKind)]
    assert len(set(said)) == len(get_args(TaskKind)) and (words is None or said == words)
