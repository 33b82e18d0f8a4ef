"""What is said about hagukumi.yaml and the files of scenarios/rules/ when they parse but cannot be meant. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, warning

SETTINGS: dict[str, Saying] = {
    "settings.blank": warning(
        "{key}({what})が空欄です", "{key} ({what}) is blank",
        "埋めてください。空欄のあいだ、広告メールは送られません。", "Fill it in; until then no advertising letter leaves.",
    ),
    "settings.zone": error(
        "時間帯「{zone}」はありません", "There is no time zone {zone}",
        "Asia/Tokyo のように書いてください。", "Write it like Asia/Tokyo.",
    ),
}  # fmt: skip

DEFAULTS: dict[str, Saying] = {
    "rules.hours": error(
        "時間帯の終わりが始まりより前です", "The hours end before they begin",
        "「9:00-18:00」のように書いてください。", "Write them like 9:00-18:00.",
    ),
    "rules.days": error(
        "日付の範囲を読み取れません", "This is no range of days",
        "毎年なら「12-29..01-04」、その年だけなら「2026-10-01」と書いてください。",
        "Write 12-29..01-04 for every year, or 2026-10-01 for that year.",
    ),
    "rules.letters": error(
        "通数の上限が1より小さくなっています", "The cap is less than one letter",
        "1以上の数を書いてください。止めたいときは hagukumi pause を使います。",
        "Write 1 or more; to stop everything use hagukumi pause.",
    ),
    "rules.length": error(
        "ここでは営業日を使えません", "Business days cannot be used here",
        "「168時間」「14日」のように書いてください。", "Write hours or days such as 168 hours or 14 days.",
    ),
}  # fmt: skip

POINTS: dict[str, Saying] = {
    "points.same_id": error(
        "ルール名「{x}」が二度使われています", "The rule name {x} is used twice",
        "別の名前を付けてください。", "Give one of them another name.",
    ),
    "points.not_an_attribute": error(
        "属性ではない条件(行動・点数)が使われています", "The condition asks about behaviour or points",
        "行動は behaviour に書いてください。", "Write behaviour under behaviour.",
    ),
    "points.half_life": error(
        "半減期は1日から3650日までの日数です", "A half-life is 1 to 3650 days",
        "「14日」のように暦日で書いてください。", "Write calendar days such as 14 days.",
    ),
    "points.cap": error(
        "上限は0より大きい数です", "A cap is a number above 0",
        "「15」のように書くか、行を消してください。", "Write a number such as 15, or remove the line.",
    ),
    "points.never_reached": warning(
        "上の「{x}」が先に数えるため、このルールは使われません", "{x} above counts all of these first",
        "条件の細かいルールを先に書いてください。", "Put the narrower rule first.",
    ),
    "points.floor_above_ceiling": error(
        "下限が上限より大きくなっています", "The floor is above the ceiling",
        "floor と ceiling を見直してください。", "Correct floor or ceiling.",
    ),
    "points.too_large": error(
        "点数が大きすぎます(10000点まで)", "Points beyond 10,000 are not possible",
        "小さな数にしてください。", "Use a smaller number.",
    ),
    "points.not_tenths": error(
        "点数は0.1点きざみです", "Points come in steps of 0.1",
        "小数は一桁で書いてください。", "Write one digit after the point.",
    ),
    "points.rise": error(
        "伸びは0より大きい点数です", "The rise is a number above 0",
        "「25」のように書いてください。", "Write a number such as 25.",
    ),
}  # fmt: skip

PROBLEMS: dict[str, Saying] = {**SETTINGS, **DEFAULTS, **POINTS}
