"""The pictures in docs/letters/ show the letters as they are, and mail programs were asked about these very letters."""

import pytest

from tools.letters import FOLDER, allowed_hash, pages, read_index, shots

ADVICE = "run `make letters`, look at the pictures that changed, and commit docs/letters/ with them"
MOST_BYTES = 40_000
MOST_ALTOGETHER = 6_000_000


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What each picture was made from, by name."""
    pictures: dict[str, str] = read_index()["pictures"]
    return pictures


def test_every_letter_has_a_picture_of_what_it_is_today(kept: dict[str, str]) -> None:
    wanted = {shot.name: shot.hash for shot in shots(pages())}

    stale = sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))
    assert not stale, f"pictures are stale ({', '.join(stale[:5])} …): {ADVICE}"


def test_mail_programs_were_asked_by_the_rules_of_today() -> None:
    assert read_index()["allowed"] == allowed_hash(), f"tools/caniemail/ has changed: {ADVICE}"


def test_pictures_are_there_and_small(kept: dict[str, str]) -> None:
    files = {path.relative_to(FOLDER).as_posix().removesuffix(".png"): path for path in FOLDER.rglob("*.png")}
    sizes = {name: path.stat().st_size for name, path in files.items()}

    assert files.keys() == kept.keys(), ADVICE
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in files.values())
    assert max(sizes.values()) <= MOST_BYTES and sum(sizes.values()) <= MOST_ALTOGETHER
