"""One market that the tests look at, and the folder its lists were written to."""

import pytest

from hagukumi.world.build import World, build
from hagukumi.world.lists import Written, write_world


@pytest.fixture(scope="session")
def market() -> World:
    """The default size, seed 1."""
    return build("1")


@pytest.fixture(scope="session")
def written(market: World, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Its lists, with 60 days of visits."""
    return write_world(market, tmp_path_factory.mktemp("market"), background_days=60)
