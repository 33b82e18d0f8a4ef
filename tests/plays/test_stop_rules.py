"""The stop rules of plays that ship are those of a workspace whose rules are older than plays."""

from hagukumi.files import read_files
from hagukumi.letters.rules import Defaults, PlayRules
from hagukumi.workspace import CHECKOUT, open_folder


def test_what_ships_is_what_counts_where_nothing_is_said() -> None:
    shipped = read_files(open_folder(CHECKOUT)).defaults.plays
    assert shipped == PlayRules() == Defaults().plays
