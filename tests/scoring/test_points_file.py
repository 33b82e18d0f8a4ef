"""scenarios/rules/points.yaml itself: it loads, has no faults, and gives the points it promises."""

from datetime import timedelta
from pathlib import Path

from hagukumi.calendar import BusinessCalendar
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.load import load, load_text
from models.scoring.faults import faults
from models.scoring.jumps import jumps, tell
from models.scoring.points import Scorer, compile_points
from models.scoring.receipts import explain
from models.scoring.rules import PointRules
from tests.scoring.examples import NOW, did

FILE = Path(__file__).parents[2] / "scenarios" / "rules" / "points.yaml"
HEAD_OF_ADMINISTRATION = {"role": "decision_maker", "kind": "hospital", "beds": 320}
NAMES = {"roi-simulation": Words("ROI試算", "ROI simulation"), "overtime-case": Words("残業の事例", "a case")}
WEEK = [
    did("opened", timedelta(days=6), 1),
    did("clicked", timedelta(days=6), 2, content="overtime-case"),
    did("downloaded", timedelta(days=3), 3, content="roi-simulation"),
    did("submitted", timedelta(hours=1), 4),
]


def points_file() -> Scorer:
    loaded = load(FILE, PointRules)
    assert loaded.problems == ()
    assert loaded.value is not None
    assert faults(loaded.value) == ()
    return compile_points(loaded.value)


def test_the_points_file_loads_without_a_problem_or_a_fault() -> None:
    scorer = points_file()
    assert scorer.needs.attributes == {"role", "kind", "beds"}
    assert "opened" not in scorer.needs.kinds


def test_a_decision_maker_of_a_large_hospital_gets_the_receipt_the_file_promises() -> None:
    receipt = explain(points_file().receipt(HEAD_OF_ADMINISTRATION, WEEK, NOW), "ja", NAMES)
    assert [(term["points"], term["because"]) for term in receipt["terms"]] == [
        (15.0, "決裁者(理事長・院長・事務長など)"),
        (10.0, "病院"),
        (5.0, "100床以上"),
        (20.0, "フォームから問い合わせ"),
        (13.6, "資料『ROI試算』をダウンロード"),
        (3.7, "メールのリンク『残業の事例』をクリック"),
    ]
    assert receipt["points"] == 67.3


def test_her_active_week_is_one_jump_over_the_line_of_sixty() -> None:
    standing = points_file().of(HEAD_OF_ADMINISTRATION, WEEK)
    (jump,) = jumps(standing, {1, 2, 3, 4}, BusinessCalendar(), None, NAMES)
    assert tell(jump.because, "ja") == (
        "メールのリンク『残業の事例』をクリック(4/25)、資料『ROI試算』をダウンロード(4/28)、フォームから問い合わせ(5/1)で、"
        "7日間に30→67点(60点に到達)"
    )


def test_opens_and_refusals_never_help() -> None:
    scorer = points_file()
    opens = [did("opened", number=number) for number in range(50)]
    assert scorer.points({}, opens, NOW) == 0.0
    for refusal in ("unsubscribed", "refused"):
        asked = scorer.points(HEAD_OF_ADMINISTRATION, [*WEEK, did(refusal, number=9)], NOW)
        assert asked < scorer.points(HEAD_OF_ADMINISTRATION, WEEK, NOW) - 29


def test_a_fault_leads_back_to_its_line() -> None:
    text = FILE.read_text(encoding="utf-8").replace("half_life: 21日", "half_life: 5営業日", 1)
    loaded = load_text(text, PointRules)
    assert loaded.value is not None
    (fault,) = faults(loaded.value)
    line = loaded.marks.at(fault.path).line
    assert fault.code == "half_life"
    assert "5営業日" in text.splitlines()[line - 1]
