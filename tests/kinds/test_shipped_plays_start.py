"""The plays that ship, where letters need approval: what `content list` names is approved, and they start."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.lines import Line
from tests.kinds.playground import Playground
from tests.web.site import Site


def asks_for_approval(site: Site) -> tuple[str, str]:
    """Two colleagues whose eyes are needed."""
    rules = site.workspace.scenarios / "rules" / "defaults.yaml"
    rules.write_text(rules.read_text("utf-8").replace("  checks: []", "  checks: [legal, brand, copy, eyes]"), "utf-8")
    return "sato", "suzuki"


@pytest.mark.parametrize("play", ["mini-ten", "fifty"])
def test_it_starts_once_everything_on_the_list_of_contents_is_approved(site: Site, play: str, capsys: Any) -> None:
    ground = Playground(site, play)
    ground.facility("aoba", by_mail=True, begin=False)
    first, second = asks_for_approval(site)
    line = Line(capsys, site.workspace.folder)
    refused = line("abm", "play", "start", "aoba", play, "--by", first)
    assert refused.code == 1 and "始められません。理由" in refused.err and "claims-letter" in refused.err
    names = [each["name"] for each in line("content", "list", "--json").json]
    letters = [name for name in names if not name.startswith("papers/")]
    papers = [name for name in names if name.startswith("papers/")]
    assert line("content", "approve", *letters, "--by", first, "--all-points", "--copy-to", second).code == 0
    assert line("content", "approve", *papers, "--by", first, "--all-points").code == 0
    assert line("content", "approve", *names, "--by", second, "--check", "eyes", "--all-points").code == 0
    assert line("abm", "play", "ready", "aoba", play, "--json").json["ready"]
    assert line("abm", "play", "start", "aoba", play, "--by", first).code == 0


@pytest.mark.parametrize(
    ("lang", "said"), [("ja", "「one-page」(日本語・英語)"), ("en", "one-page (Japanese, English)")]
)
def test_papers_without_approval_are_named_before_the_start(site: Site, lang: str, said: str, capsys: Any) -> None:
    ground = Playground(site, "mini-ten")
    ground.facility("aoba", by_mail=True, begin=False)
    first, second = asks_for_approval(site)
    line = Line(capsys, site.workspace.folder)
    letters = [
        name for each in line("content", "list", "--json").json if not (name := each["name"]).startswith("papers")
    ]
    line("content", "approve", *letters, "--by", first, "--all-points", "--copy-to", second)
    line("content", "approve", *letters, "--by", second, "--check", "eyes", "--all-points")
    missing = line("abm", "play", "ready", "aoba", "mini-ten", "--json").json["missing"]
    assert [each["args"] for each in missing if each["code"] == "play_lacks_approval"] == []
    papers = [each["args"] for each in missing if each["code"] == "play_lacks_paper"]
    assert papers == [["checklist", "ja", "en"], ["one-page", "ja", "en"]]
    told = line("abm", "play", "ready", "aoba", "mini-ten", "--lang", lang).out
    assert said in told and "hagukumi content approve papers/one-page" in told
    refused = line("abm", "play", "start", "aoba", "mini-ten", "--by", first)
    assert refused.code == 1 and "papers/checklist" in refused.err


def test_a_paper_that_is_only_enclosed_is_named_too(site: Site, capsys: Any) -> None:
    text = (site.workspace.scenarios / "plays" / "mini-ten.yaml").read_text("utf-8")
    posts = text[: text.index("  # 3日目")] + "  - end: 郵送のみ\n"
    (site.workspace.scenarios / "plays" / "mini-ten.yaml").write_text(
        posts.replace("enclose: [one-page]", "enclose: [qa]"), "utf-8"
    )
    ground = Playground(site, "mini-ten")
    ground.facility("aoba", by_mail=False, begin=False)
    asks_for_approval(site)
    missing = Line(capsys, site.workspace.folder)("abm", "play", "ready", "aoba", "mini-ten", "--json").json["missing"]
    assert ["qa", "ja", "en"] in [each["args"] for each in missing if each["code"] == "play_lacks_paper"]
