"""What tests of effects share."""

import pytest

from effects_world import World, write_models


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def models(tmp_path_factory, world):
    return write_models(tmp_path_factory.mktemp("fits"), world)
