"""What follows from mail: a real letter leaves, an answer to it comes in, and the engine acts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from hagukumi.arriving import context_of, work_off
from hagukumi.channels.inbound.read import read_mail
from hagukumi.letters.message import message_id
from hagukumi.reading.story import tell
from hagukumi.ticking import react_now
from models.tables.engine import begin_write
from models.tables.schema import activity, inbound_mail, journey, letter, pending, person, refusal, task
from tests.inbound.conftest import STORY, Mailroom
from tests.inbound.mails import raw, report

HER = "p1@aoba.example"
AUTO: Any = {"Auto_Submitted": "auto-replied"}


def sent(room: Mailroom) -> str:
    """Publishes the story, lets its first letter leave and returns its Message-ID as the Maildir has it."""
    room.person("山田", email=HER)
    room.publish(STORY)
    room.live(hours=2)
    assert room.letters() == ["first"]
    return str(room.outbox()[0]["Message-ID"])


def kinds(room: Mailroom) -> list[str]:
    """Kinds of activities after the letter was sent."""
    found = room.rows(activity, "kind")
    return found[found.index("received") + 1 :]


def test_an_answer_to_a_real_letter_ends_the_journey_and_the_next_letter_never_leaves(room: Mailroom) -> None:
    answers = sent(room)
    room.post(raw("Re: x", "お話を伺えますか。", sender=HER, answers=answers))
    assert room.steps() == [("ended", "first.rest")] or room.steps()[0][0] == "ended"
    room.live(days=10)
    assert room.letters() == ["first"]
    assert room.rows(activity, "kind", "letter_key", "content")[-1] == (
        "replied",
        room.rows(letter, "key")[0],
        "story/first",
    )
    assert room.rows(inbound_mail, "klass", "asks", "person_id") == [("human", None, 1)]


def test_an_answer_withdraws_the_letter_that_waits_for_the_morning(room: Mailroom) -> None:
    room.person("山田", email=HER)
    room.publish(STORY.replace("3営業日", "10時間"))
    room.live(hours=12)
    assert dict(room.rows(letter, "step", "state"))["second"] in ("held", "queued")
    answers = str(room.outbox()[0]["Message-ID"])
    room.post(raw("Re: x", "お話を伺えますか。", sender=HER, answers=answers))
    assert dict(room.rows(letter, "step", "state"))["second"] == "withdrawn"
    room.live(days=3)
    assert len(room.outbox()) == 1


def test_the_same_mail_twice_changes_nothing(room: Mailroom) -> None:
    mail = raw("Re: x", "お話を伺えますか。", sender=HER, answers=sent(room))
    room.post(mail)
    before = (room.rows(activity, "id"), room.rows(inbound_mail, "id"), room.rows(refusal, "id"))
    room.post(mail, mail)
    assert (room.rows(activity, "id"), room.rows(inbound_mail, "id"), room.rows(refusal, "id")) == before


def test_a_mail_without_a_message_id_is_known_by_its_bytes(room: Mailroom) -> None:
    sent(room)
    mail = raw("Re: x", "はい", sender=HER, answers=None).replace(b"Message-ID", b"X-Nothing")
    room.post(mail, mail)
    assert len(room.rows(inbound_mail, "id")) == 1
    assert room.rows(inbound_mail, "message_id") == [None]


def test_a_refusal_in_words_stops_all_advertising_at_once(room: Mailroom) -> None:
    answers = sent(room)
    room.post(raw("Re: x", "今後のご案内は不要です。", sender=HER, answers=answers))
    assert kinds(room) == ["refused"]
    assert {(row[0], row[1]) for row in room.rows(refusal, "channel", "cause")} == {("mail", "refused")}
    room.live(days=10)
    assert room.letters() == ["first"]


def test_a_refusal_counts_before_anybody_has_walked(room: Mailroom) -> None:
    answers = sent(room)
    room.live(days=1)
    with begin_write(room.engine) as conn:
        mail = raw("Re: x", "配信停止", sender=HER, answers=answers)
        read_mail(conn, mail, room.wired.now, context_of(room.wired, room.wired.now))
        values = {"key": "k/2", "person_id": 1, "content": "story/third", "due": room.wired.now, "scenario": "story"}
        values |= {"state": "queued", "next_try": room.wired.now, "written_at": room.wired.now, "step": "third"}
        conn.execute(insert(letter).values(**values))
    room.live(days=1)
    assert ("third", "stopped") in room.rows(letter, "step", "state")


def test_a_refusal_from_a_stranger_is_kept_for_the_day_they_come_in(room: Mailroom) -> None:
    room.post(raw("unsubscribe", "", sender="new@other.example", answers=None))
    assert room.rows(refusal, "channel", "cause", "person_id") == [("mail", "refused", None)]
    assert room.rows(inbound_mail, "klass", "asks") == [("refusal", "unknown_sender")]


def test_a_colleague_who_refuses_silences_the_mailbox_that_had_the_letter_too(room: Mailroom) -> None:
    answers = sent(room)
    room.post(raw("Re: x", "今後のご案内は不要です。", sender="boss@aoba.example", answers=answers))
    assert len(room.rows(refusal, "address_hash")) == 2
    assert room.rows(inbound_mail, "asks") == ["other_sender"]


def test_an_absence_wakes_nobody_and_stands_in_the_story(room: Mailroom) -> None:
    answers = sent(room)
    before = room.rows(journey, "state", "step", "since", "due")
    room.post(
        raw(
            "自動応答: x",
            "4月8日まで不在です。",
            sender=HER,
            answers=answers,
            date="Thu, 2 Apr 2026 10:00:00 +0900",
            **AUTO,
        )
    )
    assert room.rows(activity, "kind", "outcome", "detail")[-1] == ("auto_replied", "away", {"until": "2026-04-08"})
    assert room.rows(journey, "state", "step", "since", "due") == before
    assert room.rows(pending, "id") == []
    with room.engine.connect() as conn:
        told = {
            lang: [event.text for event in tell(conn, 1, lang, room.wired.files.compile_stored).events]
            for lang in ("ja", "en")
        }
    assert "自動応答(不在、4月8日まで)" in told["ja"]
    assert "Automatic reply (away until 8 Apr)" in told["en"]
    room.live(days=10)
    assert room.letters() == ["first", "second"]


def test_somebody_who_left_gets_no_more_letters_and_inside_sales_looks_for_the_successor(room: Mailroom) -> None:
    answers = sent(room)
    room.post(raw("自動応答: x", "山田は退職いたしました。", sender=HER, answers=answers, **AUTO))
    assert room.rows(person, "left_company") == [True]
    assert kinds(room) == ["changed"]
    assert room.steps()[0][0] == "ended"
    assert room.tasks() == [("IS", "open", 1)]
    assert room.rows(task, "reasons")[0][0]["code"] == "left_company"
    room.post(raw("自動応答: y", "山田は退職いたしました。", sender=HER, answers=answers, number=2, **AUTO))
    assert kinds(room) == ["changed"] and room.tasks() == [("IS", "open", 1)]


@pytest.mark.parametrize(
    ("sender", "text", "left"),
    [
        ("boss@aoba.example", "担当の山田は先月末で退職いたしました。", True),
        ("boss@aoba.example", "前任者は退職いたしました。", True),
        (HER, "私は4月より異動いたしました。", True),
        (HER, "前任の田中は退職いたしました。今は私が担当です。", False),
        (HER, "前任の山田は退職いたしました。今は私が担当です。", True),
        ("boss@aoba.example", "退職した前任の山田に代わり、私が承ります。", False),
        ("boss@aoba.example", "山田は3月で退職いたしました。", True),
        ("boss@aoba.example", "田中は3月で退職いたしました。", False),
    ],
)
def test_who_left_when_a_person_wrote_it(room: Mailroom, sender: str, text: str, left: bool) -> None:
    answers = sent(room)
    room.post(raw("Re: x", text, sender=sender, answers=answers))
    assert room.rows(person, "left_company") == [left]
    assert kinds(room) == (["changed"] if left else ["replied"])


def test_a_hard_bounce_marks_the_letter_and_the_address(room: Mailroom) -> None:
    sent(room)
    key = room.rows(letter, "key")[0]
    room.post(report("5.1.1", "smtp; 550 5.1.1 User unknown", recipient=HER, key=key))
    assert room.rows(letter, "state") == ["bounced"]
    assert room.rows(refusal, "cause", "person_id") == [("hard_bounce", None)]
    assert room.rows(activity, "kind", "outcome", "letter_key", "detail")[-1] == (
        "bounced", "hard_bounce", key, {"status": "5.1.1"},
    )  # fmt: skip
    room.live(days=10)
    assert room.letters(state="accepted") == []


def test_a_soft_bounce_is_told_and_changes_nothing(room: Mailroom) -> None:
    sent(room)
    key = room.rows(letter, "key")[0]
    room.post(report("4.2.2", "smtp; 452 over quota", recipient=HER, key=key, action="delayed"))
    assert room.rows(letter, "state") == ["accepted"]
    assert room.rows(refusal, "id") == []
    assert kinds(room) == ["undelivered"]


def test_a_bounce_without_our_key_is_believed_for_people_we_wrote_to_only(room: Mailroom) -> None:
    sent(room)
    room.post(report("5.1.1", "smtp; 550 User unknown", recipient="stranger@other.example", key=None))
    assert room.rows(refusal, "id") == []
    assert room.rows(inbound_mail, "klass", "asks") == [("bounce_hard", "unknown_recipient")]
    room.post(report("5.1.1", "smtp; 550 User unknown", recipient=HER, key=None, number=2))
    assert room.rows(refusal, "cause") == ["hard_bounce"]


def test_a_bounce_of_somebody_else_s_mail_silences_nobody(room: Mailroom) -> None:
    room.person("山田", email=HER)
    room.post(report("5.1.1", "smtp; 550 User unknown", recipient=HER, key="other/letter/1/p9/9"))
    assert room.rows(refusal, "id") == [] and room.rows(activity, "kind")[-1] == "undelivered"


def test_a_letter_of_unknown_fate_has_arrived_when_somebody_answers_it(room: Mailroom) -> None:
    answers = sent(room)
    with begin_write(room.engine) as conn:
        conn.execute(update(letter).values(state="unknown"))
    room.post(raw("Re: x", "はい", sender=HER, answers=answers))
    assert room.rows(letter, "state") == ["delivered"]


def test_a_complaint_is_a_refusal(room: Mailroom) -> None:
    from tests.inbound.corpus import mails

    answers = sent(room)
    mail = next(each for klass, _, each in mails() if klass == "complaint")
    room.post(mail.replace(b"X-Hagukumi-Key: interest/case/1/p1/1", b"Message-ID: " + answers.encode()))
    assert room.rows(refusal, "cause") == ["spam_report"]
    assert sorted(kinds(room)) == ["refused", "spam_report"], "whoever complains is in no scenario any more"


def test_the_letter_tells_whose_a_shared_mailbox_is_and_a_long_key_is_found_by_its_hash(room: Mailroom) -> None:
    sent(room)
    second = room.person("鈴木", email="p2@aoba.example")
    key = "story/" + "あ" * 40 + "/1/p2/2"
    with begin_write(room.engine) as conn:
        values = {"key": key, "person_id": second, "content": "story/third", "due": room.wired.now}
        values |= {"state": "accepted", "sent_at": room.wired.now, "written_at": room.wired.now}
        conn.execute(insert(letter).values(**values))
    identifier = message_id(key, "mihon.example")
    assert identifier.startswith("<h.")
    room.post(raw("Re: x", "はい", sender="office@aoba.example", answers=identifier))
    assert room.rows(inbound_mail, "person_id", "letter_key", "asks") == [(second, key, "other_sender")]


def test_an_address_with_a_tag_and_a_merged_record_lead_to_the_person(room: Mailroom) -> None:
    sent(room)
    second = room.person("山田", email="old@aoba.example", merged_into=1)
    room.post(raw("x", "はい", sender="p1+news@aoba.example", answers=None))
    room.post(raw("x", "はい", sender="old@aoba.example", answers=None, number=2))
    assert second == 2
    assert room.rows(inbound_mail, "person_id", "letter_key") == [(1, None), (1, None)]


def test_a_stranger_is_not_lost_and_moves_nobody(room: Mailroom) -> None:
    room.post(raw("お問い合わせ", "料金を教えてください。", sender="new@other.example", answers=None))
    assert room.rows(inbound_mail, "klass", "asks", "sender") == [("human", "unknown_sender", "new@other.example")]
    assert room.rows(activity, "id") == []


def test_a_forged_answer_to_a_letter_that_never_was_is_a_stranger(room: Mailroom) -> None:
    room.post(raw("Re: x", "はい", sender="x@y.example", answers="<no+such/letter@mihon.example>"))
    assert room.rows(inbound_mail, "asks", "letter_key") == [("unknown_sender", None)]


def test_our_own_mail_that_comes_round_again_is_left_alone(room: Mailroom) -> None:
    sent(room)
    room.post(room.outbox()[0].as_bytes(), raw("Re: x", "x", sender="b@mihon.example"))
    assert room.rows(inbound_mail, "id") == []


def test_a_killed_reader_leaves_all_of_a_mail_or_nothing(room: Mailroom) -> None:
    answers = sent(room)
    mail = raw("Re: x", "今後のご案内は不要です。", sender=HER, answers=answers)
    room.wired.inbox.put("mail", mail, at=datetime.now(UTC))
    with pytest.raises(KeyboardInterrupt), begin_write(room.engine) as conn:
        read_mail(conn, mail, room.wired.now, context_of(room.wired, room.wired.now))
        raise KeyboardInterrupt
    assert room.rows(inbound_mail, "id") == [] and room.rows(refusal, "id") == [] and kinds(room) == []
    work_off(room.wired)
    # The inbox forgets after the commit: killed in between, the mail comes once more.
    room.wired.inbox.put("mail", mail, at=datetime.now(UTC))
    work_off(room.wired)
    react_now(room.wired)
    assert len(room.rows(inbound_mail, "id")) == 1 and kinds(room) == ["refused"]


def test_all_of_the_corpus_is_read_by_the_inbox(room: Mailroom) -> None:
    from tests.inbound.corpus import mails

    sent(room)
    done = room.post(*(each for _, _, each in mails()))
    assert (done.read, done.aside) == (len(mails()), 0)
    with room.engine.connect() as conn:
        assert (conn.scalar(select(func.count()).select_from(inbound_mail)) or 0) > 20


def test_a_large_mail_is_kept_by_its_text(room: Mailroom) -> None:
    sent(room)
    room.post(raw("Re: x", "はい\n" + "> 引用\n" * 200_000, sender=HER))
    assert room.rows(inbound_mail, "whole", "klass") == [(False, "human")]
