"""What people read about the probability: every feature has a name, and the page says what was measured."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hagukumi.words.chances import feature_name, value_name
from models.scoring.moments import cut
from tests.learning.test_moments import FILES, builder, history
from tools.helps import FIGURES, PAGES, with_figures


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_feature_has_a_name(lang: str) -> None:
    known = cut(history([]), np.zeros(1, np.int64), np.zeros(1, np.int64))
    for column in builder().table(known):
        said = feature_name(column.name, lang, FILES.themes)
        # What has no name of its own would be shown as it stands in the code.
        assert "_" not in said and (":" not in column.name or said != column.name), column.name
        assert lang == "en" or any(ord(letter) > 0x2E80 for letter in said), column.name


@pytest.mark.parametrize("lang", sorted(PAGES))
def test_the_page_says_what_was_measured(lang: str) -> None:
    page = PAGES[lang].read_text("utf-8")
    assert page == with_figures(page, json.loads(FIGURES.read_text("utf-8")), lang)


def test_what_never_came_and_what_fades_are_said_in_words() -> None:
    assert (
        value_name("downloaded:days", "", "ja") == "まだなし" and value_name("downloaded:days", "", "en") == "never yet"
    )
    assert value_name("downloaded:days", "12.7", "ja") == "13日"
    assert value_name("visited:warm", "0.539309", "en") == "as much as 0.5; older ones count less"
    assert feature_name("visited:warm", "en", {}) == "recent pages read"
    assert value_name("click_share", "0.25", "ja") == "25%" and value_name("theme:overtime", "1.2345", "ja") == "1.2"
    assert value_name("points", "12.5", "ja") == "12.5" and value_name("points", "", "ja") == ""
