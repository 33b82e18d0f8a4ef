"""What is said about an example of a scenario that turns out otherwise. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error

_LOOK_JA = "シナリオか見本のどちらが正しいかを確かめ、もう一方を直してください。"
_LOOK_EN = "See which of the two is right, the scenario or the example, and mend the other."

PROBLEMS: dict[str, Saying] = {
    "example.failed": error(
        "{day}日目に起きたのは {happened}、期待は {step}",
        "On day {day} came {happened}; expected was {step}",
        _LOOK_JA,
        _LOOK_EN,
    ),
    "example.nothing_happened": error(
        "{day}日目には何も起きません。期待は {step}",
        "Nothing happens on day {day}; expected was {step}",
        _LOOK_JA,
        _LOOK_EN,
    ),
    "example.other_day": error(
        "{step} が起きるのは{days}日目、期待は{day}日目",
        "{step} happens on day {days}; expected was day {day}",
        _LOOK_JA,
        _LOOK_EN,
    ),
    "example.not_sent": error(
        "{day}日目に期待した {step} のメールは送られません: {why}",
        "The letter {step}, expected on day {day}, is not sent: {why}",
        _LOOK_JA,
        _LOOK_EN,
    ),
    "example.never_happened": error(
        "起きないはずの {step} が、{days}日目に起きます",
        "{step} should never happen, and happens on day {days}",
        _LOOK_JA,
        _LOOK_EN,
    ),
    "example.not_entered": error(
        "この見本の人は、シナリオの対象になりません",
        "The person of this example does not come into the scenario",
        "given の属性が who の条件を満たすようにしてください。書いていない属性は、条件を満たすものとして補います。",
        "Give attributes that fulfil who; those you leave out are filled in so that they do.",
    ),
    "example.not_received": error(
        "{day}日目までに {step} のメールは届いていません",
        "The letter {step} has not arrived by day {day}",
        "届いたあとの日にするか、時刻を「{day}日目 15:00」のように添えてください。",
        "Choose a later day, or add the time: day {day} 15:00.",
    ),
    "example.stuck": error(
        "この見本を試すと「{step}」で止まってしまいます({failure})",
        'Running this example fails at "{step}" ({failure})',
        "このステップの書き方を見直してください。直らないときは不具合としてお知らせください。",
        "Look at this step; if that does not help, please report it.",
    ),
}
