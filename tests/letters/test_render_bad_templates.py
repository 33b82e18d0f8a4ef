"""Templates that reach too far, never end or are not templates at all: each is a problem with its place, at once."""

from pathlib import Path

import pytest

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.proof import check_sources, check_template
from hagukumi.letters.render import Letterpress
from tests.effort import work
from tests.letters.press import FOOTER, SHEET, codes, letter, press, problems, sources

ENDLESS = {
    "a long range": "{% for i in range(1000000000) %}x{% endfor %}",
    "a calculated range": "{% for i in range(10**9) %}x{% endfor %}",
    "loops in loops": "{% for i in range(500) %}{% for j in range(500) %}x{% endfor %}{% endfor %}",
    "loops over the letters of a name": "{% for a in greeting %}" * 3 + "x" + "{% endfor %}" * 3,
    "a recursive loop": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "an include of itself": "{% include '_layout/self.txt' %}",
    "includes that double": "{% include '_layout/d0.txt' %}",
}
FORBIDDEN = {
    "a class": ("{{ person.__class__ }}", 11),
    "a class by subscript": ("{{ person['__class__'] }}", 12),
    "a class of a text": ("{{ ''.__class__.__mro__ }}", 17),
    "a method": ("{{ person.name.upper() }}", 16),
    "a macro": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 4),
    "another template": ("{% include 'a/x.ja.txt' %}", 4),
    "a file outside": ("{% include '_layout/../../etc/passwd' %}", 4),
    "inheritance": ("{% extends '_layout/base.html' %}", 4),
    "an import": ("{% import '_layout/footer.ja.txt' as f %}", 4),
    "the template itself": ("{{ self }}", 4),
    "a namespace": ("{% set n = namespace() %}", 12),
    "a number without end": ("{{ 1e999 }}", 1),
    "a power": ("{{ 9 ** 9 }}", 1),
    "a name given again": ("{% set person = 1 %}", 8),
    "a list that could double": ("{% set a = [1] %}", 1),
    "a link that is calculated": ("{{ link(person.name) }}", 4),
}
HUGE = {
    "a text times a number": ("{{ 'a' * 1000000000 }}", "template.cannot_calculate"),
    "a wide format": ("{{ '%999999999d' % 1 }}", "template.cannot_calculate"),
    "a wide filter": ("{{ 'a'|center(1000000000) }}", "template.unknown_filter"),
    "doubling by ~": ("{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}", "template.too_large"),
    "doubling by +": ("{% set a = 'xxxxxxxxxx' %}" + "{% set a = a + a %}" * 40 + "{{ a }}", "template.too_large"),
    "squaring": ("{% set a = 99999999 %}" + "{% set a = a * a %}" * 40 + "{{ a }}", "template.cannot_calculate"),
    "deep brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "template.too_deep"),
    "a long chain": ("{{ person" + ".a" * 9000 + " }}", "template.too_deep"),
    "many ifs": ("{% if 1 %}" * 200 + "{% endif %}" * 200, "template.too_deep"),
    "a large file": ("x" * 70_000, "template.too_large"),
    "a long number": ("{{ " + "9" * 6000 + " }}", "template.syntax"),
}
DOUBLING = {f"_layout__d{n}.txt": f"{{% include '_layout/d{n + 1}.txt' %}}" * 2 for n in range(12)}
LAYOUT = {"_layout__self.txt": "{% include '_layout/self.txt' %}", "_layout__d12.txt": "x", **DOUBLING}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_template_is_a_problem_before_it_runs(text: str) -> None:
    with work() as spent:
        assert set(codes(text, **LAYOUT)) == {"template.endless"}
    assert spent.yardsticks < 20


@pytest.mark.parametrize(("text", "column"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_reaching_for_what_a_letter_must_not_have_is_a_problem_with_its_place(text: str, column: int) -> None:
    found = problems("一行目\n" + text)
    assert (found[0].code, found[0].file, found[0].line, found[0].column) == (
        "template.forbidden",
        "a/x.ja.txt",
        2,
        column,
    )


@pytest.mark.parametrize(("text", "code"), HUGE.values(), ids=HUGE)
def test_a_template_that_would_fill_the_memory_is_a_problem(text: str, code: str) -> None:
    assert code in codes(text)
    with pytest.raises(CannotRender):
        press(text).render("a/x", None, "ja", None, letter())


def test_an_unknown_name_is_reported_with_the_nearest_one() -> None:
    (found,) = problems("\n  {{ person.salutaton }}")
    assert (found.code, found.line, found.column) == ("template.undefined", 2, 6)
    assert found.args == {"name": "person.salutaton", "near": "person.salutation"}


def test_a_broken_tag_is_reported_at_its_line() -> None:
    (found,) = problems("a\n{% if account.name %}b")
    assert found.code == "template.syntax" and found.file == "a/x.ja.txt"


def test_a_link_the_sheet_does_not_know_is_a_problem() -> None:
    assert codes("{{ link('cse') }}") == ["template.unknown_link"]


def test_an_advertising_letter_names_its_sender_and_the_way_to_refuse() -> None:
    silent = {"_layout__footer.ja.txt": "", "_layout__footer.en.txt": ""}
    assert set(codes("x", **silent)) == {
        "template.no_refusal", "template.no_sender", "template.no_sender_name", "template.no_postal_address",
        "template.no_complaints",
    }  # fmt: skip
    assert set(codes("x", sheet=SHEET + "class: apology\n", **silent)) == {"template.unsigned", "template.no_contact"}


def test_an_attribute_that_people_may_lack_wants_a_fall_back() -> None:
    (found,) = problems("{{ person.department }}", sheet=SHEET + "examples: [{person: {department: 医事課}}]\n")
    assert (found.code, found.severity, found.args) == (
        "template.no_fallback",
        "warning",
        {"name": "person.department"},
    )


def test_an_example_that_stops_the_letter_is_a_problem_of_the_body() -> None:
    found = problems("{{ person.department }}", sheet=SHEET + "examples: [{person: {title: 主任}}]\n")
    assert {problem.code for problem in found} == {"template.no_fallback", "template.missing_attribute"}


def test_a_missing_body_and_a_missing_variant_are_problems() -> None:
    given = sources("x" + FOOTER)
    del given["a/x.ja.subject"]
    found = check_sources(given, "a/x", languages=("ja",))
    assert [(problem.code, problem.args["wanted"]) for problem in found] == [("template.missing", "a/x.ja.subject")]


SHEETS = {
    "nothing": ("", "template.sheet_empty"),
    "a list": ("- a\n", "template.sheet_not_mapping"),
    "a broken line": ("title: {ja: [\n", "template.sheet_syntax"),
    "an unknown key": (SHEET + "tilte: x\n", "template.sheet_unknown"),
    "a key twice": (SHEET + "theme: a\ntheme: b\n", "template.sheet_twice"),
    "an unknown class": (SHEET + "class: spam\n", "template.sheet_value"),
    "a script as a link": ("title: t\nlinks: {case: {url: 'javascript:alert(1)'}}\n", "template.bad_link"),
    "a fall-back for nothing": ("title: t\nfallbacks: {person.shoe: x}\n", "template.undefined"),
    "deep nesting": ("title: " + "[" * 5000, "template.too_deep"),
    "endless aliases": (
        "a: &a [x,x]\n" + "".join(f"k{n}: &k{n} [*a,*a]\n" for n in range(9)),
        "template.sheet_unknown",
    ),
    "an alias of itself": ("title: t\nexamples: &e [*e]\n", "template.too_large"),
}


@pytest.mark.parametrize(("sheet", "code"), SHEETS.values(), ids=SHEETS)
def test_a_bad_sheet_is_a_problem_in_the_sheet(sheet: str, code: str) -> None:
    found = problems("x", sheet=sheet)
    assert code in [problem.code for problem in found if problem.file == "a/x.yaml"]


def test_files_that_are_not_text_are_problems_and_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "x.yaml").write_text(SHEET, encoding="utf-8")
    (folder / "x.ja.subject").write_bytes("件名".encode("cp932"))
    (folder / "x.ja.txt").write_bytes(b"ok\nnot\x00ok")
    (folder / "x.ja.html").write_bytes(b"x" * 100_000)
    found = {
        (problem.code, problem.file, problem.line, problem.column)
        for problem in check_template(tmp_path, "a/x", ("ja",))
    }
    assert ("template.encoding", "a/x.ja.subject", 1, 1) in found
    assert ("template.encoding", "a/x.ja.txt", 2, 4) in found
    assert ("template.too_large", "a/x.ja.html", 1, 1) in found


def test_html_nested_too_deeply_never_reaches_the_css_parser() -> None:
    assert "template.too_deep" in codes("x", **{"a__x.ja.html": "<div>" * 10_000})


def test_the_letters_of_the_checkout_have_no_errors_and_no_warnings() -> None:
    folder = Path(__file__).parents[2] / "templates"
    for name in Letterpress.load(folder).library.names():
        assert [problem for problem in check_template(folder, name) if problem.severity != "hint"] == []
