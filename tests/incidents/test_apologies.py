"""The apology goes to exactly those who got the wrong letter, once, approved by somebody else; it offers nothing."""

import pytest
from sqlalchemy import select, update

from hagukumi import recalling
from hagukumi.incidents.book import Kind
from hagukumi.steering import pause_scope
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_write
from models.tables.schema import letter, letter_body, person, template_version
from tests.incidents.conftest import apologies, becomes, mails, refuses, states
from tests.shell.conftest import Workshop

WORDS = {
    "ja": {
        "subject": "お詫び",
        "text": "{{ person.salutation }}\n\n{{ incident.sent_on }}の{{ incident.subject }}のお詫びです。\n"
        "{% include '_layout/signature.ja.txt' %}",
    },
    "en": {
        "subject": "Apology",
        "text": "{{ person.salutation }}\n\nAbout {{ incident.subject }}.\n{% include '_layout/signature.en.txt' %}",
    },
}


def incident(office: Workshop, kind: Kind = "content") -> int:
    done = recalling.withdraw_content(office.wired, "story/first", kind, "sato")
    return done.incident


def approve(office: Workshop, number: int, by: str = "kobayashi") -> int:
    return recalling.approve_apology(office.wired, number, by).written


def test_everybody_who_got_it_gets_one_apology_the_refused_too_and_the_dead_not(office: Workshop) -> None:
    people = {name: office.person(name) for name in ("普通", "拒否", "不明先", "結果不明", "戻り", "英語")}
    with begin_write(office.engine) as conn:
        conn.execute(update(person).where(person.c.id == people["英語"]).values(language="en"))
    office.live(hours=1)
    becomes(office, people["結果不明"], "unknown")
    becomes(office, people["戻り"], "bounced")
    refuses(office, people["拒否"], "unsubscribed")
    refuses(office, people["不明先"], "hard_bounce")
    number = incident(office)
    known = recalling.draft_apology(office.wired, number, None, "sato")
    wanted = sorted(people[name] for name in ("普通", "拒否", "結果不明", "英語"))
    assert known.apology is not None
    assert known.apology["people"] == wanted
    assert approve(office, number) == 4
    pause_scope(office.wired, "ALL", "sato")
    office.live(hours=1)
    assert apologies(office) == sorted(
        str(each["To"]) for each in mails(office) if "apology" in str(each["Message-ID"])
    )
    addresses = sorted(each.partition("<")[2].rstrip(">") or each for each in apologies(office))
    assert addresses == sorted(f"p{who}@aoba.example" for who in wanted), "although everything is paused"
    office.live(days=3)
    assert len(apologies(office)) == 4
    with office.engine.connect() as conn:
        rows = conn.execute(select(letter).where(letter.c.klass == "apology").order_by(letter.c.person_id)).all()
        pinned = set(conn.scalars(select(template_version.c.hash)))
        bodies = set(conn.scalars(select(letter_body.c.letter_key)))
    assert [row.key for row in rows] == [f"apology/{number}/{who}" for who in wanted]
    assert {row.state for row in rows} == {"accepted"}
    assert {row.incident_id for row in rows} == {number}
    assert {row.template_hash for row in rows} <= pinned
    assert {row.key for row in rows} <= bodies


def test_it_names_the_wrong_letter_and_offers_nothing(office: Workshop) -> None:
    office.person("山田")
    office.live(hours=1)
    number = incident(office)
    recalling.draft_apology(office.wired, number, None, "sato")
    _, _, (shown,) = recalling.told(office.wired, number)
    approve(office, number)
    office.live(hours=1)
    (mail,) = [each for each in mails(office) if "apology" in str(each["Message-ID"])]
    body = mail.get_body(("plain",))
    assert body is not None and shown.rendered is not None
    text = body.get_content()
    assert text == shown.rendered.text, "what was approved is what leaves"
    assert "4月1日(水)" in text and "件名：first のお知らせ" in text
    assert "http" not in text and "配信停止" not in text
    assert mail["List-Unsubscribe"] is None


def test_an_apology_leaves_on_a_holiday_at_night(office: Workshop) -> None:
    office.person()
    office.live(hours=1)
    number = incident(office)
    recalling.draft_apology(office.wired, number, None, "sato")
    office.live(days=3, hours=14)  # the night to Sunday
    approve(office, number)
    office.live(minutes=5)
    assert len(apologies(office)) == 1


def test_somebody_else_has_to_approve_and_a_second_approval_sends_nothing(office: Workshop) -> None:
    office.person()
    office.live(hours=1)
    number = incident(office)
    with pytest.raises(NotDone) as refused:
        approve(office, number)
    assert refused.value.code == "incident-no-draft"
    recalling.draft_apology(office.wired, number, None, "kobayashi")
    for same in ("sato", "kobayashi", "Sato"):
        with pytest.raises(NotDone) as refused:
            approve(office, number, same)
        assert refused.value.code == "incident-second-person"
    recalling.draft_apology(office.wired, number, None, "sato")
    assert approve(office, number) == 1
    again = recalling.approve_apology(office.wired, number, "kobayashi")
    assert (again.written, again.again) == (0, True)
    office.live(hours=1)
    assert len(apologies(office)) == 1
    with pytest.raises(NotDone) as refused:
        recalling.draft_apology(office.wired, number, None, "sato")
    assert refused.value.code == "incident-nobody"


def test_who_turns_out_to_have_got_it_later_gets_theirs_in_a_second_round(office: Workshop) -> None:
    one, two = office.person(), office.person()
    office.live(hours=1)
    becomes(office, two, "sending")
    number = incident(office)
    recalling.draft_apology(office.wired, number, None, "sato")
    approve(office, number)
    office.live(hours=1)
    assert len(apologies(office)) == 1
    # The event that was late has come.
    becomes(office, two, "delivered")
    known = recalling.draft_apology(office.wired, number, None, "sato")
    assert known.apology is not None and known.apology["people"] == [two]
    assert approve(office, number) == 1
    office.live(hours=1)
    assert len(apologies(office)) == 2
    assert states(office)[one] == "accepted"


def test_two_wrong_letters_to_one_person_who_was_registered_twice_are_one_apology(office: Workshop) -> None:
    one, two = office.person(), office.person()
    office.live(hours=1)
    with begin_write(office.engine) as conn:
        conn.execute(update(person).where(person.c.id == two).values(merged_into=one))
    number = incident(office)
    known = recalling.draft_apology(office.wired, number, None, "sato")
    assert known.apology is not None and known.apology["people"] == [one]
    assert approve(office, number) == 1


def test_the_words_can_be_ones_own_and_what_was_approved_stays(office: Workshop) -> None:
    office.person()
    office.live(hours=1)
    number = incident(office, "recipient")
    recalling.draft_apology(office.wired, number, WORDS, "sato")
    recalling.draft_apology(office.wired, number, None, "sato")
    _, _, (shown,) = recalling.told(office.wired, number)
    assert shown.rendered is not None
    assert shown.rendered.text.startswith("山田様\n\n4月1日(水)のfirst のお知らせのお詫びです。\n")
    approve(office, number)
    folder = office.wired.workspace.templates / "apology"
    folder.mkdir()
    (folder / "recipient.ja.txt").write_text("あとから変えた文面\n", "utf-8")
    office.live(hours=1)
    (mail,) = [each for each in mails(office) if "apology" in str(each["Message-ID"])]
    body = mail.get_body(("plain",))
    assert body is not None and body.get_content() == shown.rendered.text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("新製品は https://mihon.example/new をご覧ください。", "apology-link"),
        ("{{ person.salutaton }}", "apology-broken"),
        ("{% if %}", "apology-broken"),
        ("{{ link('case') }}", "apology-broken"),
    ],
)
def test_words_that_advertise_or_cannot_be_printed_are_refused(office: Workshop, text: str, code: str) -> None:
    office.person()
    office.live(hours=1)
    number = incident(office)
    words = {**WORDS, "ja": {"subject": "お詫び", "text": text}}
    with pytest.raises(NotDone) as refused:
        recalling.draft_apology(office.wired, number, words, "sato")
    assert refused.value.code == code
    assert recalling.told(office.wired, number)[0].apology is None, "nothing half-stored"


def test_words_without_our_name_are_refused_with_the_signature_that_has_it(office: Workshop) -> None:
    office.person()
    office.live(hours=1)
    words = {**WORDS, "ja": {"subject": "お詫び", "text": "申し訳ございません。\n"}}
    with pytest.raises(NotDone) as refused:
        recalling.draft_apology(office.wired, incident(office), words, "sato")
    assert refused.value.code == "apology-broken"
    assert "{% include '_layout/signature.ja.txt' %}" in refused.value.say("ja")
    assert "{% include '_layout/signature.en.txt' %}" in refused.value.say("en")


def test_a_workspace_with_its_own_template_begins_with_it(office: Workshop) -> None:
    folder = office.wired.workspace.templates / "apology"
    folder.mkdir()
    (folder / "content.ja.txt").write_text(
        "{{ person.salutation }}\n当社の言葉でお詫びします。\n{% include '_layout/signature.ja.txt' %}\n", "utf-8"
    )
    from hagukumi.files import read_files

    office.wired.files = read_files(office.wired.workspace)
    office.person()
    office.live(hours=1)
    known = recalling.draft_apology(office.wired, incident(office), None, "sato")
    assert known.apology is not None
    assert "当社の言葉で" in known.apology["ja"]["text"]
    assert "we apologise" in known.apology["en"]["text"], "what it has none of ships with the program"
