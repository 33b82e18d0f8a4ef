"""The same seed is the same market, byte for byte, in whatever order its parts are drawn."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import numpy as np
import pytest

from hagukumi.words.refusal import NotDone
from hagukumi.world.background import PEOPLE, background, block, minds
from hagukumi.world.build import World, build
from hagukumi.world.chance import BLOCK, draws, table
from hagukumi.world.lists import Written, write_world
from hagukumi.world.truth import FILE, read_truth

DAYS = 60
CHANCE = [0.495330638251, 0.369520340111, 0.393867131885]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes(written: Written, tmp_path: Path) -> None:
    write_world(build("1"), tmp_path, background_days=DAYS)
    assert contents(tmp_path) == contents(written.folder)


def test_another_seed_is_another_market(written: Written, tmp_path: Path) -> None:
    write_world(build("2"), tmp_path, background_days=DAYS)
    mine, other = contents(tmp_path), contents(written.folder)
    assert mine.keys() == other.keys()
    assert not [name for name in mine if mine[name] == other[name]]


def test_lists_of_before_do_not_stay_behind(written: Written, tmp_path: Path) -> None:
    (tmp_path / "background.npz").write_bytes(b"old")
    write_world(build("1", 40, 20), tmp_path)
    assert not (tmp_path / "background.npz").exists() and not (tmp_path / "background.csv").exists()


def test_the_truth_comes_back_as_it_was_written(written: Written) -> None:
    assert read_truth(written.folder) == written.truth
    packed = (written.folder / FILE).read_bytes()
    # No time of packing stands in the archive.
    assert packed[4:8] == bytes(4) and gzip.decompress(packed).startswith(b'{"form":1')


@pytest.mark.parametrize(
    "rubbish", [b"", b"nothing", gzip.compress(b"{}", mtime=0), gzip.compress(b'{"form":99}', mtime=0)]
)
def test_what_is_no_truth_is_refused_with_a_sentence(rubbish: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(rubbish)
    with pytest.raises(NotDone, match="world build"):
        read_truth(tmp_path)


def test_blocks_of_chance_are_drawn_alone_and_more_rows_change_none_before() -> None:
    whole = table("s", "stream", 3 * BLOCK, 5)
    order = [2, 0, 1]
    parts = {number: draws("s", "stream", number, BLOCK, 5) for number in order}
    assert np.array_equal(np.concatenate([parts[number] for number in range(3)]), whole)
    assert np.array_equal(table("s", "stream", 2 * BLOCK + 7, 5), whole[: 2 * BLOCK + 7])
    assert whole.min() >= 0 and whole.max() < 1
    assert not np.array_equal(draws("t", "stream", 0, BLOCK, 5), parts[0])
    assert not np.array_equal(draws("s", "other", 0, BLOCK, 5), parts[0])


def test_chance_is_the_same_on_every_machine() -> None:
    """Written down once: another number here means that everybody's market has changed."""
    assert [round(float(lot), 12) for lot in draws("1", "facility", 0, 1, 3)[0]] == CHANCE


def test_more_people_leave_the_first_ones_as_they_are(market: World) -> None:
    few = build("1", people=1_000)
    kept = {row.truth.key for row in few.rows if row.kind == "plain"}
    before = {row.truth.key: row for row in market.rows}
    same = [key for key in kept if before[key].human == _human(few, key)]
    assert len(same) == len(kept)


def _human(world: World, key: str) -> object:
    return next(row.human for row in world.rows if row.truth.key == key)


def test_any_block_of_people_and_any_days_come_out_alone_as_in_the_whole() -> None:
    truth = build("3", people=2 * PEOPLE + 300, accounts=200).truth
    whole, mind = background(truth, 0, 30), minds(truth)
    assert len(whole) > 500
    for number in random.Random(0).sample(range(3), 3):
        part = block(mind, number, 0, 30)
        inside = whole[whole["person"] // PEOPLE == number]
        assert np.sort(part, order=["known", "id", "person"]).tobytes() == inside.tobytes()
    halves = np.concatenate([background(truth, 17, 30), background(truth, 0, 17)])
    assert np.sort(halves, order=["known", "id", "person"]).tobytes() == whole.tobytes()
