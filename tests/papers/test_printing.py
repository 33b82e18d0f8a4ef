"""PDFs: what is on the page, page by page, and what happens where a machine cannot print Japanese."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hagukumi.papers.printing import pdf, printed
from hagukumi.words.refusal import NotDone
from tests.papers.reading import pages_of

LETTER = """<html lang="ja"><style>@page { size: A4; margin: 20mm } body { font-family: "Noto Sans CJK JP", sans-serif }
</style><body><p>青葉台記念病院</p><p>事務長　髙﨑 健様</p><p>初期 7,200,000円</p></body></html>"""
NO_FONT = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{fonts}</dir>
<cachedir>{cache}</cachedir></fontconfig>"""


def test_what_stands_in_the_html_stands_in_the_pdf() -> None:
    (page,) = pages_of(pdf(LETTER))
    assert page.width_mm == pytest.approx(210, abs=1) and page.height_mm == pytest.approx(297, abs=1)
    for words in ("青葉台記念病院", "髙﨑 健様", "7,200,000円"):
        assert words in page.text


def test_the_same_page_gives_the_same_bytes_in_another_process_too() -> None:
    program = "import sys; from hagukumi.papers.printing import pdf; sys.stdout.buffer.write(pdf(sys.argv[1]))"
    made = [
        subprocess.run(
            [sys.executable, "-c", program, LETTER], capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert made[0] == made[1] == pdf(LETTER)


def test_two_pages_are_told_as_two() -> None:
    assert printed(LETTER.replace("</body>", '<p style="break-before: page">裏</p></body>')).pages == 2


def test_a_character_that_no_font_has_is_refused_and_named() -> None:
    with pytest.raises(NotDone) as refusal:
        pdf(LETTER.replace("髙﨑", "髙﨑\U00013000"))
    assert refusal.value.code == "print-no-font"
    assert "U+13000" in refusal.value.words.ja and "U+13000" in refusal.value.words.en


def test_a_machine_without_a_japanese_font_says_so_instead_of_printing_boxes(tmp_path: Path) -> None:
    latin = next(iter(sorted(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))), None)
    if latin is None:
        pytest.skip("no font without Japanese is installed: what a machine without one says was not tried")
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    shutil.copy(latin, fonts)
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONT.format(fonts=fonts, cache=tmp_path / "cache"), "utf-8")
    told = subprocess.run(
        [sys.executable, "-c", "from hagukumi.papers.printing import ready; print(ready())"],
        env={**os.environ, "FONTCONFIG_FILE": str(config)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "print-no-font"


def test_a_machine_without_the_library_says_what_to_install() -> None:
    program = """
import builtins
own = builtins.__import__
def without(name, *rest, **more):
    if name.split(".")[0] == "weasyprint":
        raise OSError("cannot load library 'libpango-1.0-0'")
    return own(name, *rest, **more)
builtins.__import__ = without
from hagukumi.papers.printing import pdf, ready
from hagukumi.words.refusal import NotDone
print(ready())
try:
    pdf("<p>x</p>")
except NotDone as refusal:
    print(refusal.words.en)
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[0] == "print-no-library" and "apt-get install libpango-1.0-0" in told


def test_nothing_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.css"
    outside.write_text("p { display: none }", "utf-8")
    linked = LETTER.replace("<body>", f'<link rel="stylesheet" href="{outside.as_uri()}"><body>')
    (page,) = pages_of(pdf(linked))
    assert "髙﨑 健様" in page.text


def test_its_warnings_which_quote_the_text_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    pdf(LETTER.replace("<p>", '<p style="no-such: thing; background: url(http://127.0.0.1:9/x.png)">'))
    assert not caplog.records
