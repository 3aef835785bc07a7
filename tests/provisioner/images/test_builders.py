"""Every build has a recipe of its own and says how long its steps take."""

from __future__ import annotations

import pytest

from provisioner.images.builders import NAMES, builder

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", NAMES)
def test_every_builder_knows_its_recipe_and_its_steps(name: str) -> None:
    making = builder(name)
    assert making.recipe.name == name
    assert making.recipe == builder(name).recipe
    assert all(seconds > 0 for seconds in making.reference.values())
    assert set(making.lines) <= set(making.reference)


def test_only_the_node_image_needs_root() -> None:
    assert [name for name in NAMES if builder(name).root] == ["node-image"]
