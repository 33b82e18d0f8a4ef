"""Results of a call: which were a conversation, and how a condition about conversations is written."""

from hagukumi.journeys.steps.outcomes import CONVERSATION, CONVERSATIONS, NOT_REACHED, as_written, meant_by

ASKED = frozenset({"アポ獲得", "不在"})


def test_a_conversation_is_whatever_came_of_it() -> None:
    assert meant_by(frozenset({CONVERSATION, "不在"})) == CONVERSATIONS | {"不在"}
    assert meant_by(ASKED) == ASKED
    assert CONVERSATIONS.isdisjoint(NOT_REACHED)


def test_what_is_meant_is_written_in_one_word_again() -> None:
    assert as_written(CONVERSATIONS | {"不在"}) == {CONVERSATION, "不在"}
    assert as_written(ASKED) == ASKED
    assert as_written(CONVERSATIONS - {"NG"}) == CONVERSATIONS - {"NG"}
