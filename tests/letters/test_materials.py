"""Pages of material: text becomes a page in either language, and `check` knows what is wrong with it."""

import re
from pathlib import Path

import pytest

from hagukumi.files import read_files
from hagukumi.letters.limits import CannotRender
from hagukumi.letters.materials import Dress, material_at, material_names, render_material
from hagukumi.letters.picture import camera, find_browser
from hagukumi.letters.proof import check_material
from hagukumi.letters.templates import Library, read_folder
from hagukumi.workspace import CHECKOUT, find
from tests.letters.press import SENDER

TEXT = """\
看護記録の残業は、書く時間より
「探す時間」から減ることが多くあります。

■ 確かめること
□ 記録の様式が病棟ごとに違わないか
□ 申し送りで同じことを、別の用紙に
　二度書いていないか

｜ 項目 ｜ 導入前 ｜ 導入後 ｜
｜ 1人1日 ｜ 60分 ｜ 45分 ｜

・{{ sender.company }}の実績
[事例を読む](https://hagukumi.example/cases/a?x=1&y=2) / https://hagukumi.example/roi
──────────
"""
DRESS = Dress(SENDER, notice_url="https://hagukumi.example/notice")


def library(**texts: str) -> Library:
    layout, _ = read_folder(Path("/nowhere"))
    return Library(layout | {f"materials/{name.replace('_', '.')}.txt": text for name, text in texts.items()})


def page(text: str = TEXT, language: str = "ja", dress: Dress = DRESS, **others: str) -> str:
    return render_material(library(**{f"sheet_{language}": text}, **others), "sheet", language, "1枚資料 <A4>", dress)


def test_a_text_becomes_a_page_with_headings_boxes_a_table_and_links() -> None:
    made = page()

    assert '<html lang="ja">' in made and "<h1>1枚資料 &lt;A4&gt;</h1>" in made
    assert "<h2>確かめること</h2>" in made
    assert '<ul class="boxes"><li>□ 記録の様式が病棟ごとに違わないか</li>' in made
    assert '<li>□ 申し送りで同じことを、別の用紙に<br class="wrap">二度書いていないか</li>' in made
    assert "<tr><th>項目</th><th>導入前</th><th>導入後</th></tr>" in made
    assert "<tr><td>1人1日</td><td>60分</td><td>45分</td></tr>" in made
    assert "<li>株式会社はぐくみメディカルの実績</li>" in made
    assert '<a href="https://hagukumi.example/cases/a?x=1&amp;y=2">事例を読む</a>' in made
    assert '<a href="https://hagukumi.example/roi">https://hagukumi.example/roi</a>' in made
    assert "<hr>" in made and "@media print" in made and "prefers-color-scheme: dark" in made


def test_the_language_is_switched_where_the_other_one_is_written() -> None:
    assert "hreflang" not in page()
    assert '<a href="?lang=en" hreflang="en" lang="en" rel="alternate">English</a>' in page(sheet_en="In English.\n")
    assert '<a href="?lang=ja" hreflang="ja"' in page("In English.\n", "en", sheet_ja=TEXT)


def test_the_server_puts_its_script_form_and_notice_into_the_page() -> None:
    made = page(dress=DRESS._replace(script='<script src="/s.js"></script>', form='<form method="post"></form>'))

    assert made.index('<form method="post"></form>') < made.index("</main>")
    assert '<script src="/s.js"></script>\n</body>' in made
    assert 'href="https://hagukumi.example/notice">外部送信・閲覧の記録について</a>' in made
    assert "<script" not in page() and "notice" not in page(dress=Dress(SENDER))


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(CannotRender, match="template_missing"):
        render_material(library(), "sheet", "ja", "題", DRESS)
    with pytest.raises(CannotRender, match="empty"):
        page("\n")


def test_pages_are_found_by_the_path_of_their_piece() -> None:
    urls = {"sheet": "https://hagukumi.example/materials/sheet", "home": "https://hagukumi.example"}

    assert material_at("/materials/sheet/", urls) == "sheet"
    assert material_at("/", urls) == "home" and material_at("/other", urls) is None


def test_materials_are_no_letters() -> None:
    both = library(sheet_ja=TEXT, sheet_en="English.\n")

    assert material_names(both) == ["sheet"] and both.names() == []
    assert check_material(both, "sheet", titled=True) == []


def test_check_names_what_a_page_lacks() -> None:
    found = check_material(library(sheet_ja="{{ person.name }}様\n"), "sheet", titled=False)

    assert [(each.code, each.file, each.line) for each in found] == [
        ("material.language", "materials/sheet.ja.txt", 1),
        ("material.unknown", "materials/sheet.ja.txt", 1),
        ("template.undefined", "materials/sheet.ja.txt", 1),
    ]


@pytest.mark.skipif(find_browser() is None, reason="no Chromium here")
def test_the_one_page_summaries_of_the_example_print_on_one_page() -> None:
    files = read_files(find(CHECKOUT))
    summaries = [name for name, piece in files.pieces.items() if piece.kind == "summary"]
    there = [name for name in summaries if name in material_names(files.library)]

    browser = find_browser()
    assert browser is not None and len(there) >= 3
    with camera(browser) as open_camera:
        for name in there:
            for language in ("ja", "en"):
                dress = Dress(files.signatures[language], "https://hagukumi.example/notice")
                page = render_material(files.library, name, language, files.pieces[name].title.say(language), dress)
                assert len(re.findall(rb"/Type /Page\b", open_camera.pdf(page))) == 1, (name, language)
