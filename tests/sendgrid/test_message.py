"""What stands in the body of a call, letter by letter."""

import json
from typing import Any

import pytest

from hagukumi.channels.sendgrid.message import body, lots
from hagukumi.letters.message import Mailbox, key_of
from hagukumi.letters.transport import Outgoing
from hagukumi.settings import SendGrid
from tests.sendgrid.letters import letter

PLAIN = SendGrid()


def made(*letters: Outgoing, settings: SendGrid = PLAIN, workspace: str = "w-1") -> dict[str, Any]:
    said: dict[str, Any] = json.loads(body(letters, settings, workspace))
    return said


def test_a_letter_is_exactly_this() -> None:
    assert made(letter("a/case/1/p7", reply_to=Mailbox("返信係", "reply@sender.example"))) == {
        "from": {"email": "sato@sender.example", "name": "株式会社見本 佐藤"},
        "reply_to": {"email": "reply@sender.example", "name": "返信係"},
        "subject": "病床300床の病院で、転記が半分になった事例",
        "content": [
            {"type": "text/plain", "value": "山田様\n\n導入事例をお送りします。"},
            {"type": "text/html", "value": "<p>山田様</p><p>導入事例をお送りします。</p>"},
        ],
        "categories": ["nurture", "industry-hospital"],
        "personalizations": [
            {
                "to": [{"email": "a.case.1.p7@example.com", "name": "山田 花子"}],
                "custom_args": {"hagukumi_key": "a/case/1/p7", "hagukumi_workspace": "w-1"},
                "headers": {
                    "Message-ID": "<a+case+1+p7@sender.example>",
                    "X-Hagukumi-Key": "a/case/1/p7",
                    "List-Unsubscribe": "<https://sender.example/r/abc>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
            }
        ],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }


def test_the_key_is_found_again_in_the_message_id_a_reply_quotes() -> None:
    (one,) = made(letter("業界別/事例/1/p7"))["personalizations"]
    assert key_of(one["headers"]["Message-ID"]) == one["custom_args"]["hagukumi_key"] == "業界別/事例/1/p7"
    assert all(value.isascii() for value in one["headers"].values())


@pytest.mark.parametrize(
    ("entered", "sent"),
    [
        ("Example Co., Ltd.", '"Example Co., Ltd."'),
        ('Hanako "Hana" Yamada', r'"Hanako \"Hana\" Yamada"'),
        ("(株)見本, 佐藤", "（株）見本， 佐藤"),
        ("山田;様", "山田；様"),
        ("髙橋 﨑", "髙橋 﨑"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_a_name_cannot_begin_another_address(entered: str, sent: str) -> None:
    (one,) = made(letter("k", recipient=Mailbox(entered, "a@example.com")))["personalizations"]
    assert one["to"] == [{"email": "a@example.com", "name": sent}]


def test_without_a_name_there_is_none_and_a_japanese_domain_is_spelled_in_ascii() -> None:
    (one,) = made(letter("k", recipient=Mailbox(" ", "info@日本語.example")))["personalizations"]
    assert one["to"] == [{"email": "info@xn--wgv71a119e.example"}]


def test_the_group_goes_with_advertising_and_not_with_notices_or_apologies() -> None:
    settings = SendGrid(asm_group=17)
    carried = {klass: made(letter("k", klass=klass), settings=settings).get("asm") for klass in
               ("nurture", "play", "personal", "notice", "apology")}  # fmt: skip
    group = {"group_id": 17}
    assert carried == {"nurture": group, "play": group, "personal": group, "notice": None, "apology": None}


def test_the_sandbox_is_asked_for_only_where_it_is_set() -> None:
    assert made(letter("k"), settings=SendGrid(sandbox=True))["mail_settings"] == {"sandbox_mode": {"enable": True}}
    assert "mail_settings" not in made(letter("k"))


def test_one_click_is_promised_over_https_only_and_no_link_is_no_header() -> None:
    (plain,) = made(letter("k", refuse_url="http://127.0.0.1/r"))["personalizations"]
    (none,) = made(letter("k", refuse_url=None))["personalizations"]
    assert plain["headers"]["List-Unsubscribe"] == "<http://127.0.0.1/r>"
    assert "List-Unsubscribe-Post" not in plain["headers"]
    assert set(none["headers"]) == {"Message-ID", "X-Hagukumi-Key"}


def test_categories_are_ascii_few_and_short() -> None:
    assert made(letter("k", scenario=None))["categories"] == ["nurture"]
    assert made(letter("k", scenario="nurture"))["categories"] == ["nurture"]
    long = made(letter("k", scenario="業" * 200))["categories"]
    assert all(name.isascii() and len(name) <= 255 for name in long)


def test_letters_share_a_call_only_where_all_but_the_recipient_is_the_same() -> None:
    letters = [
        letter("a"),
        letter("b"),
        letter("c", text="ほかの本文"),
        letter("d", klass="notice"),
        letter("e", recipient=Mailbox("", "A@example.com")),
        letter("f"),
        letter("g", reply_to=Mailbox("", "r@example.com")),
    ]
    assert lots(letters, 200) == [[0, 1], [2], [3], [4, 5], [6]]
    assert lots([letter(str(number)) for number in range(5)], 2) == [[0, 1], [2, 3], [4]]


def test_letters_of_one_call_keep_their_own_keys_links_and_order() -> None:
    blocks = made(letter("a", refuse_url="https://x.example/a"), letter("b", refuse_url=None))["personalizations"]
    assert [block["custom_args"]["hagukumi_key"] for block in blocks] == ["a", "b"]
    assert ["List-Unsubscribe" in block["headers"] for block in blocks] == [True, False]


def test_a_test_copy_says_so_in_what_its_events_bring_back() -> None:
    copies = [made(letter("one/1")._replace(trial=trial)) for trial in (False, True)]
    marks = [copy["personalizations"][0]["custom_args"].get("hagukumi_test") for copy in copies]
    assert marks == [None, "yes"]
