"""What each event of SendGrid means for a letter, for a person and for their journey."""

import zlib
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from hagukumi.reading.delivery import Strangers, events_of_nobody
from models.tables.keys import keyed_hash
from models.tables.schema import activity, delivery_event, letter, pending, refusal
from tests.hooks.conftest import Postroom, real
from tests.hooks.signed import BLOCKED, FULL, event


@pytest.mark.parametrize(
    ("kind", "more", "state", "kinds", "cause"),
    [
        ("processed", {}, "accepted", [], None),
        ("deferred", {}, "accepted", [], None),
        ("delivered", {}, "delivered", [], None),
        ("bounce", {}, "bounced", ["bounced"], "hard_bounce"),
        ("bounce", {"status": "", "reason": "500 unknown recipient"}, "bounced", ["bounced"], "hard_bounce"),
        ("bounce", {"status": "5.0.0", "reason": ""}, "bounced", ["bounced"], "hard_bounce"),
        ("bounce", FULL, "bounced", ["undelivered"], None),
        ("bounce", {"status": "4.4.2", "reason": "421 4.4.2 timeout"}, "bounced", ["undelivered"], None),
        ("bounce", BLOCKED, "bounced", ["undelivered"], None),
        ("dropped", {}, "dropped", ["bounced"], "hard_bounce"),
        ("dropped", {"reason": "Invalid"}, "dropped", ["bounced"], "hard_bounce"),
        ("dropped", {"reason": "Unsubscribed Address"}, "dropped", ["refused"], "unsubscribed"),
        ("dropped", {"reason": "Spam Reporting Address"}, "dropped", ["refused", "spam_report"], "spam_report"),
        ("dropped", {"reason": "Spam Content (if Spam Checker app is enabled)"}, "dropped", [], None),
        ("spamreport", {}, "delivered", ["refused", "spam_report"], "spam_report"),
        ("unsubscribe", {}, "delivered", ["refused"], "unsubscribed"),
        ("group_unsubscribe", {}, "delivered", ["refused"], "unsubscribed"),
        ("group_resubscribe", {}, "accepted", [], None),
        ("open", {}, "delivered", ["opened"], None),
        ("click", {}, "delivered", ["clicked"], None),
        ("account_status_change", {}, "accepted", [], None),
    ],
)
def test_each_kind(
    room: Postroom, kind: str, more: dict[str, Any], state: str, kinds: list[str], cause: str | None
) -> None:
    key = room.sent()
    assert room.told(event(kind, key, **more)).read == 1
    assert room.state() == state
    assert room.kinds() == kinds
    assert room.rows(refusal, "cause", "channel") == ([] if cause is None else [(cause, "mail")])
    ((_, kept),) = room.events()
    assert kept == key
    before = everything(room)
    for _ in range(46):
        room.told(event(kind, key, **more) | {"sg_event_id": room.rows(delivery_event, "id")[0]})
    assert everything(room) == before, "duplicates are normal: the same event was seen 46 times"


def everything(room: Postroom) -> list[Any]:
    """All that events may touch, without the places that rows have in tables."""
    found: list[Any] = [room.rows(letter, *(column.name for column in letter.c))]
    found.append(sorted(map(repr, room.rows(delivery_event, *(column.name for column in delivery_event.c)))))
    told = [column.name for column in activity.c if column.name != "id"]
    found.append(sorted(map(repr, room.rows(activity, *told))))
    found.append(sorted(map(repr, room.rows(refusal, *(c.name for c in refusal.c if c.name != "id")))))
    return found


def test_a_refusal_counts_for_the_mailbox_and_the_person_and_ends_the_journey(room: Postroom) -> None:
    key = room.sent()
    room.told(event("unsubscribe", key, email="P1@AOBA.example"))
    hashed = keyed_hash(room.wired.identity.secret, "p1@aoba.example")
    assert room.rows(refusal, "address_hash", "person_id", "source") == [(hashed, room.who, "sendgrid")]
    assert [state for state, _ in room.steps()] == ["ended"]
    room.told(event("group_resubscribe", key))
    assert room.rows(refusal, "cause") == ["unsubscribed"], "SendGrid's list is no consent: people lift a refusal"


def test_a_complaint_ends_the_journey(room: Postroom) -> None:
    room.told(event("spamreport", room.sent()))
    assert [state for state, _ in room.steps()] == ["ended"]


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_a_letter_of_unknown_fate_is_settled_and_its_journey_goes_on(room: Postroom, state: str) -> None:
    key = room.sent()
    room.forget_sending(state)
    before = room.steps()
    for _ in range(3):
        room.told(event("delivered", key))
    assert room.state() == "delivered"
    assert room.rows(activity, "kind", "source_id").count(("received", f"accepted:{key}")) == 1
    assert room.rows(letter, "sent_at") != [None]
    room.live(days=10)
    assert room.steps() != before, "the journey has heard of it"


def test_the_wait_after_a_letter_counts_from_its_settlement(room: Postroom) -> None:
    key = room.sent()
    room.forget_sending("unknown")
    room.told(event("processed", key))
    room.live(days=6)
    assert room.letters() == ["first", "second"]


def test_an_event_may_overtake_the_senders_own_record(room: Postroom) -> None:
    key = room.sent()
    room.forget_sending("sending")
    room.told(event("bounce", key))
    assert (room.state(), room.kinds()) == ("bounced", ["bounced"])


def test_what_is_about_no_letter_of_ours_is_kept_whole_and_changes_nothing(room: Postroom) -> None:
    room.sent()
    before = everything(room)[0], room.kinds()
    stranger = event("bounce", "other/letter/1/p9/9", email="x@y.example", surprise={"a": [1, None]})
    keyless = event("unsubscribe", None)
    room.told(stranger, keyless, {"userid": "1123"})
    assert (everything(room)[0], room.kinds()) == before and not room.rows(refusal, "cause")
    assert room.events() == [("bounce", None), ("other", None), ("unsubscribe", None)]
    kept = [orjson.loads(zlib.decompress(said)) for said in room.rows(delivery_event, "said")]
    assert sorted(map(repr, kept)) == sorted(map(repr, (stranger, keyless, {"userid": "1123"})))


def test_a_refusal_of_a_letter_lost_with_a_backup_still_counts(room: Postroom) -> None:
    room.sent()
    ours = {"hagukumi_workspace": room.wired.workspace.id}
    room.told(event("unsubscribe", "story/lost/1/p7/7", email="lost@aoba.example", **ours))
    hashed = keyed_hash(room.wired.identity.secret, "lost@aoba.example")
    assert room.rows(refusal, "address_hash", "person_id", "cause") == [(hashed, None, "unsubscribed")]


def test_events_of_test_copies_are_counted_apart_and_refuse_nothing(room: Postroom) -> None:
    room.sent()
    before = everything(room)[0], room.kinds()
    mark = {"hagukumi_workspace": room.wired.workspace.id, "hagukumi_test": "yes", "email": "b@ours.example"}
    room.told(event("delivered", "test/story/b/1", **mark), event("unsubscribe", "test/story/b/1", **mark))
    assert (everything(room)[0], room.kinds()) == before and not room.rows(refusal, "cause")
    assert set(room.rows(delivery_event, "letter_key", "code", "said")) == {(None, "test_copy", None)}
    room.told(event("open", None))
    with room.engine.connect() as conn:
        assert events_of_nobody(conn) == Strangers(unknown=1, of_others=0, of_tests=2)


def test_events_of_another_workspace_are_counted_and_nothing_else(room: Postroom) -> None:
    key = room.sent()
    room.told(event("spamreport", key, hagukumi_workspace="another"))
    assert room.state() == "accepted" and not room.rows(refusal, "cause") and room.kinds() == []
    assert room.rows(delivery_event, "kind", "letter_key", "code", "said") == [
        ("spamreport", None, "other_workspace", None)
    ]


def test_of_a_reader_nothing_is_kept_but_a_hash_of_the_network(room: Postroom) -> None:
    key = room.sent()
    room.told(event("open", key, ip="198.51.100.77"), event("click", key, ip="198.51.100.77", surprise="x"))
    told = repr(everything(room)) + repr(
        [zlib.decompress(said) for said in room.rows(delivery_event, "said") if said is not None]
    )
    assert "198.51.100" not in told and "iPhone" not in told and "surprise" in told


def test_an_open_by_a_machine_says_so(room: Postroom) -> None:
    key = room.sent()
    told = [True, False, "true", None]
    room.told(*(event("open", key, sg_machine_open=value) for value in told))
    absent = event("open", key)
    del absent["sg_machine_open"]
    room.told(absent)
    marked = [detail.get("machine_open") for detail in room.rows(activity, "detail") if detail and "agent" in detail]
    assert marked == [True, None, None, None, None]


def test_a_click_knows_its_link(room: Postroom) -> None:
    sheet = room.wired.workspace.templates / "story" / "first.yaml"
    sheet.write_text(
        "title: {ja: first, en: first}\nlinks:\n  case: {url: 'https://mihon.example/case?from=mail'}\n", "utf-8"
    )
    text = room.wired.workspace.templates / "story" / "first.ja.txt"
    text.write_text(text.read_text("utf-8") + "\n{{ link.case }}\n", "utf-8")
    key = room.sent()
    for url in ("https://mihon.example/case?from=mail", "https://mihon.example/case?x=1#y", "https://other.example/"):
        room.told(event("click", key, url=url))
    with room.engine.connect() as conn:
        query = select(activity.c.detail).where(activity.c.kind == "clicked").order_by(activity.c.id)
        assert [detail.get("link") for detail in conn.scalars(query)] == ["case", "case", None]


def test_a_click_on_our_own_signed_link_is_counted_at_our_door_alone(room: Postroom) -> None:
    from hagukumi.letters.links import sign_link

    key = room.sent()
    token = sign_link(room.wired.identity.secret, key, "case")
    room.told(event("click", key, url=f"https://mihon.example/l/{token}"))
    assert (room.state(), room.kinds()) == ("delivered", [])
    room.told(event("click", key, url="https://mihon.example/l/forged"))
    assert room.kinds() == ["clicked"]


def test_one_malformed_element_spoils_no_batch_and_is_kept(room: Postroom) -> None:
    key = room.sent()
    done = room.told(event("delivered", key), 7, None, ["x"])
    assert (done.read, done.aside, room.state()) == (0, 1, "delivered")
    assert room.wired.inbox.counts().aside == {"sendgrid: sendgrid-element": 1}
    assert room.wired.inbox.read_again() == 1
    assert room.raw().aside == 1 and len(room.events()) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "sendgrid-json"), (b"{", "sendgrid-json"), (b"[" * 100_000, "sendgrid-json"), (b"{}", "sendgrid-form"),
        (b'"x"', "sendgrid-form"), (b"[9" + b"9" * 5_000 + b"]", "sendgrid-json"),
    ],
)  # fmt: skip
def test_what_is_no_batch_is_set_aside(room: Postroom, body: bytes, code: str) -> None:
    assert room.raw(body).aside == 1
    (found,) = room.wired.inbox.counts().aside
    assert found == f"sendgrid: {code}" or (body.startswith(b"[9") and "sendgrid" in found)


def test_bytes_that_are_no_utf8_and_halves_of_pairs_lose_nothing(room: Postroom) -> None:
    key = room.sent()
    body = orjson.dumps([event("bounce", key), event("open", key)])
    body = body.replace(b"user unknown", b"user unknown \xff\xfe").replace(b"Mozilla", b"\\ud800\\u0000Mozilla curl/")
    assert room.raw(body).read == 1
    assert (room.state(), room.kinds()) == ("bounced", ["bounced", "opened"])


@pytest.mark.parametrize("stamp", [0, -5, "x", None, 10**30, 1e300, "99999999999999999999", True, 253402300800])
def test_a_time_nobody_can_believe_is_the_time_it_came(room: Postroom, stamp: Any) -> None:
    key = room.sent()
    assert room.told(event("open", key, timestamp=stamp)).read == 1
    assert room.rows(delivery_event, "at") == [room.wired.now]


def test_all_of_the_real_examples_are_kept_and_none_is_in_the_way(room: Postroom) -> None:
    room.sent()
    batches = real("event_examples.json")
    lists = [each for each in batches if isinstance(each, list)]
    done = room.raw(*map(orjson.dumps, batches))
    assert (done.read, done.aside) == (len(lists), len(batches) - len(lists))
    elements = [each for batch in lists for each in batch]
    ids = {each.get("sg_event_id", repr(each)) for each in elements}
    assert len(room.events()) == len(ids), "every event once, whatever it lacks and whatever it brings"
    assert not room.rows(refusal, "cause") and room.state() == "accepted" and room.kinds() == []
    assert room.rows(pending, "person_id") == []


def test_each_real_example_about_a_letter_of_ours_is_understood(room: Postroom) -> None:
    key = room.sent()
    batches = [each for each in real("event_examples.json") if isinstance(each, list)]
    events = [each for batch in batches for each in batch] + [
        each for each in real("event_examples.json") if isinstance(each, dict) and "event" in each
    ]
    done = room.told(*({**each, "hagukumi_key": key, "sg_event_id": f"e{n}"} for n, each in enumerate(events)))
    assert (done.read, done.aside) == (1, 0)
    assert len(room.events()) == len(events)
    assert room.state() == "bounced"
    assert {"opened", "clicked", "bounced", "refused", "spam_report"} <= set(room.kinds())
    assert {"hard_bounce", "spam_report", "unsubscribed"} == set(room.rows(refusal, "cause"))
