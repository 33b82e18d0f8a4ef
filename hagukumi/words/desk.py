"""What follows from a call, as sentences, by the codes of desk/recording.py. Imports core.values only."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

STEPS: dict[str, Words] = {
    "redial": Words("次のお電話: {at}", "Dial again: {at}"),
    "same_dial": Words(
        "たった今記録した架電と同じものとして、1回と数えました。何も加えていません",
        "Counted once: it is the dial that was recorded a moment ago. Nothing was added",
    ),
    "nurture": Words("かけ直しを終え、シナリオに戻します", "No more dials; the scenarios go on"),
    "again": Words("次のお電話: {at}(タスク #{task})", "Next call: {at} (task #{task})"),
    "stage_mql": Words("段階をMQLに進めました", "Moved on to MQL"),
    "meeting": Words("商談の予定 #{meeting} を登録しました", "Meeting #{meeting} is kept"),
    "handover": Words(
        "引き継ぎシート #{handover} を作りました(hagukumi handover fill {handover})",
        "Hand-over sheet #{handover} was made (hagukumi handover fill {handover})",
    ),
    "letter": Words("メールを用意しました", "A letter was written"),
    "no_letter": Words(
        "メールのひな形が templates/ にないため、メールは用意していません。お手元からお送りください",
        "No letter was written, for its texts are missing in templates/: please send one yourself",
    ),
    "refuse_phone": Words("電話をかけない方として記録しました", "Kept as somebody not to be called"),
    "ng": Words("対象外(NG)にしました。シナリオは止まります", "Passed back as NG; scenarios stop"),
    "left": Words(
        "退職・異動として記録しました。シナリオは止まります", "Kept as somebody who has left; scenarios stop"
    ),
    "ask_number": Words("マーケティングに番号の確認を頼みました(#{task})", "Marketing looks for the number (#{task})"),
    "ask_successor": Words("後任の方を探すタスクを作りました(#{task})", "A task to find their successor (#{task})"),
    "ask_person": Words(
        "ご担当の方への架電・確認のタスクを作りました(#{task})", "A task about who is in charge (#{task})"
    ),
}
"""Code of a step -> what was done."""
