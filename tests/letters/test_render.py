"""Rendering: what a reader gets, and what stops a letter."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest

from hagukumi.letters import webinars
from hagukumi.letters.context import Facility
from hagukumi.letters.html import STYLED, Paragraphs, with_inlined_css
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.render import Letterpress
from hagukumi.letters.sandbox import en_date, ja_date, number, yen
from hagukumi.letters.sheets import ADVERTISING
from tests.letters.press import FOOTER, REFUSE, SENDER, SHEET, letter, press, reader, sources

GOLDEN = Path(__file__).parent / "golden"
TEXT = """\
{{ account.name }}
{{ person.salutation }}

{{ greeting }}
{{ sender.company }}の{{ sender.family_name }}です。

{{ account.beds|number }}床の{{ account.courtesy }}に近い事例です。

・記録の時間を短く
・費用は約1年で回収

{{ link('case') }}

{{ today|ja_date }}
{% include '_layout/footer.ja.txt' %}
"""
ENGLISH = """\
Dear {{ person.salutation }},

{{ greeting }} This is {{ sender.family_name }} of {{ sender.company }}.

- Less time for records at {{ account.courtesy }}

{{ link('case') }}

{% include '_layout/footer.en.txt' %}
"""


def stopped(text: str, **given: Any) -> CannotRender:
    with pytest.raises(CannotRender) as caught:
        press(text).render("a/x", "field", "ja", None, letter(**given))
    return caught.value


def compare(name: str, made: str) -> None:
    golden = GOLDEN / name
    assert golden.read_text(encoding="utf-8") == made, f"{golden} differs; look at it, then write the new text into it"


def test_a_japanese_letter_is_what_the_golden_files_say() -> None:
    rendered = press(TEXT).render("a/x", "field", "ja", None, letter())
    compare("case.ja.txt", rendered.text)
    compare("case.ja.html", rendered.html)
    assert rendered.subject == "記録の時間を短くした事例"
    assert rendered.links == ("case",)


def test_an_english_letter_is_what_the_golden_file_says() -> None:
    files = {"a__x.en.txt": ENGLISH, "a__x.en.subject": "Less time for records"}
    compare("case.en.txt", press(TEXT, **files).render("a/x", None, "en", None, letter()).text)


def test_every_letter_of_the_checkout_renders_in_both_languages_for_both_personas() -> None:
    shipped = Letterpress.load(Path(__file__).parents[2] / "templates")
    bare = letter(reader(given_name=None), Facility())._replace(extra=webinars.EXAMPLE)
    full = letter(reader(title="事務長", department="事務部", acquainted=True))._replace(extra=webinars.EXAMPLE)
    for name in shipped.library.names():
        for persona in ("executive", "field"):
            for language in ("ja", "en"):
                for one in (bare, full):
                    rendered = shipped.render(name, persona, language, None, one)
                    offered = shipped.library.sheet(name).klass in ADVERTISING
                    assert (REFUSE in rendered.text) is (REFUSE in rendered.html) is offered
                    assert SENDER.company in rendered.text


def test_the_persona_comes_first_and_the_plain_body_after() -> None:
    both = press("plain", **{"a__x.executive.ja.txt": "for the head"})
    assert both.render("a/x", "executive", "ja", None, letter()).text == "for the head\n"
    assert both.render("a/x", "field", "ja", None, letter()).text == "plain\n"


def test_a_variant_has_its_own_subject_and_never_falls_back_silently() -> None:
    both = press("x", **{"a__x.ja.b.subject": "もう一つの件名"})
    assert both.render("a/x", "field", "ja", "b", letter()).subject == "もう一つの件名"
    with pytest.raises(CannotRender, match="template_missing"):
        both.render("a/x", "field", "ja", "c", letter())


def test_a_missing_attribute_takes_its_declared_fall_back() -> None:
    rendered = press("{{ account.beds|number }}の病床").render(
        "a/x", None, "ja", None, letter(account=Facility("青葉台"))
    )
    assert rendered.text == "多くの病床\n"


def test_a_missing_attribute_without_a_fall_back_stops_the_letter_with_its_place() -> None:
    error = stopped("一行目\n{{ person.department }}", person=reader())
    assert error.reason == "missing_attribute"
    assert error.details == {"name": "person.department", "file": "a/x.ja.txt", "line": 2, "column": 4}


def test_an_attribute_may_be_asked_for_before_it_is_used() -> None:
    text = "{% if person.department is defined %}{{ person.department }}{% else %}ご担当{% endif %}"
    assert press(text).render("a/x", None, "ja", None, letter()).text == "ご担当\n"


@pytest.mark.parametrize(("field", "reason"), [("family_name", "no_surname"), ("email", "no_address")])
def test_no_surname_no_mail_and_no_address_no_mail(field: str, reason: str) -> None:
    assert stopped("x", person=reader(**{field: "  "})).reason == reason


def test_links_are_wrapped_for_the_letter_and_labelled_in_html() -> None:
    rendered = press("{{ link('case') }}").render(
        "a/x", None, "ja", None, letter(), lambda key, link, url: f"https://t.example/{key}?u={len(url)}&a=1"
    )
    assert rendered.text == "https://t.example/interest/case/1/p7?u=29&a=1\n"
    assert 'href="https://t.example/interest/case/1/p7?u=29&amp;a=1"' in rendered.html
    assert ">事例を読む</a>" in rendered.html


def test_letters_of_one_shape_never_share_a_word() -> None:
    one = press(TEXT)
    people = [
        reader(family_name=name, given_name=None)
        for name in ("山田", "<b>", "\ufdd0一", "a & b", "http://x.example/'\"")
    ]
    for person in people * 2:
        fresh = press(TEXT).render("a/x", None, "ja", None, letter(person))
        assert one.render("a/x", None, "ja", None, letter(person)) == fresh
        assert f"\n{person.family_name}様\n" in fresh.text and escape(person.family_name) in fresh.html


def test_two_links_in_one_place_keep_their_own_words() -> None:
    sheet = SHEET.replace("fallbacks:", "  roi: {url: 'https://hagukumi.example/roi', label: 試算}\nfallbacks:")
    both = press(
        "{% if account.kind == 'clinic' %}{{ link('roi') }}{% else %}{{ link('case') }}{% endif %}", sheet=sheet
    )
    for kind, words in (("clinic", ">試算</a>"), ("hospital", ">事例を読む</a>"), ("clinic", ">試算</a>")):
        assert words in both.render("a/x", None, "ja", None, letter(account=Facility("青葉", kind=kind))).html


def test_names_are_printed_as_entered_and_escaped_only_in_html() -> None:
    rendered = press("{{ person.name }} {{ account.name }}").render(
        "a/x", None, "ja", None, letter(account=Facility("<b>青葉 & 会</b>"))
    )
    assert rendered.text == "髙﨑 花 <b>青葉 & 会</b>\n"
    assert "&lt;b&gt;青葉 &amp; 会&lt;/b&gt;" in rendered.html and "<b>" not in rendered.html


def test_a_body_of_ones_own_in_html_goes_into_the_layout_with_the_css_in_its_tags() -> None:
    link = "{% for n in [1, 2] %}<a href=\"{{ link('case') }}\">{{ n }}</a>{% endfor %}"
    own = press("x", **{"a__x.ja.html": "<p>{{ person.name }}</p>" + link})
    page = own.render("a/x", None, "ja", None, letter(reader(given_name="<i>"))).html
    assert "髙﨑 &lt;i&gt;</p>" in page and page.count('href="https://hagukumi.example/case"') == 2
    assert '<p style="margin: 0 0 1.2em 0;">' in page and "max-width: 600px" in page


def test_css_is_inlined_without_moving_what_belongs_to_the_template() -> None:
    table = "<style>td{color:red}</style><table>{% for r in [1] %}<tr><td>{{ r }}</td></tr>{% endfor %}</table>"
    done = with_inlined_css(table)
    assert done.index("{% for") < done.index("<tr>") < done.index("{{ r }}") < done.index("{% endfor %}")
    assert 'style="color: red;"' in done


def test_a_pin_changes_with_the_layout_and_prints_the_same_letter_alone() -> None:
    before = press(TEXT).pin("a/x")
    assert set(before.sources) == {
        "a/x.yaml",
        "a/x.ja.subject",
        "a/x.ja.txt",
        "_layout/base.html",
        "_layout/footer.ja.txt",
    }
    changed = press(TEXT, **{"_layout__footer.ja.txt": "{{ refuse_url }}"}).pin("a/x")
    assert changed.hash != before.hash
    again = Letterpress(before.sources)
    assert again.pin("a/x").hash == before.hash
    assert again.render("a/x", "field", "ja", None, letter()) == press(TEXT).render(
        "a/x", "field", "ja", None, letter()
    )


def test_letters_whose_names_begin_alike_do_not_share_files() -> None:
    two = Letterpress(sources("x", **{"a__x-2.yaml": "title: t", "a__x-2.ja.txt": "y"}))
    assert "a/x-2.ja.txt" not in two.pin("a/x").sources
    assert two.library.names() == ["a/x", "a/x-2"]


def test_extra_names_of_a_workspace_are_known_when_they_are_declared() -> None:
    own = Letterpress(sources("{{ account.wards }}棟"), extra_names=frozenset({"account.wards"}))
    assert own.render("a/x", None, "ja", None, letter(extra=(("account.wards", 7),))).text == "7棟\n"


def test_dates_and_numbers_are_written_the_way_readers_write_them() -> None:
    moment = datetime(2026, 1, 20, 4, 0, tzinfo=UTC)
    assert ja_date(moment.date()) == "1月20日(火)"
    assert ja_date(moment) == "1月20日(火) 13:00"
    assert en_date(moment) == "Tuesday, 20 January, 13:00 JST"
    assert (number(1234567), number("多く"), yen(1500000)) == ("1,234,567", "多く", "1,500,000円")


def test_paragraphs_keep_lists_rules_and_addresses_readable() -> None:
    made = Paragraphs({"p": "", "ul": "", "li": "", "hr": "", "a": ""})
    text = "次の3つです。\n・一つ目\n　続き\n・二つ目\n──────\nhttps://a.example/x?a=1&b=2。"
    assert made(text, {}) == (
        "<p>次の3つです。</p>\n<ul><li>一つ目<br>\n続き</li><li>二つ目</li></ul>\n<hr>\n"
        '<p><a href="https://a.example/x?a=1&amp;b=2">https://a.example/x?a=1&amp;b=2</a>。</p>'
    )


def test_breaks_inside_a_sentence_can_be_left_out_on_a_telephone() -> None:
    made = Paragraphs(dict.fromkeys(STYLED, ""))
    ja = "看護記録の方法を見直した、200床の病院の事例を\nまとめました。目安になれば幸いです。\n電話 03-0000-0000"
    en = "We have written up how a hospital with 200 beds\nkeeps its records.\nHana Sato"
    address = "株式会社はぐくみメディカル お客様支援部\n〒100-0000 東京都千代田区みほん町1-2-3"

    assert made(ja, {}).count('事例を<br class="wrap">まとめ') == 1 and made(ja, {}).count("<br>") == 1
    assert (
        made(en, {})
        == '<p>We have written up how a hospital with 200 beds<br class="wrap">\nkeeps its records.<br>\nHana Sato</p>'
    )
    assert 'class="wrap"' not in made(address, {})


def test_the_link_to_follow_is_set_off_and_the_signature_is_small() -> None:
    page = press("本文です。\n\n▼ 読む\n{{ link('case') }}\n" + FOOTER).render("a/x", None, "ja", None, letter()).html

    call, foot = page.partition('<table class="call"')[2].partition('<div class="foot"')[::2]
    assert ">事例を読む</a></td></tr></table>" in call
    assert "配信停止" in foot and "<hr" not in foot.partition("</div>")[0]
