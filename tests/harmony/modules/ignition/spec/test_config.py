from __future__ import annotations

import pytest
from pydantic import ValidationError

from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.version import SpecVersion

pytestmark = pytest.mark.unit


def test_its_version_is_the_one_that_it_names() -> None:
    config = Config.model_validate({"ignition": {"version": "3.4.0"}})
    assert config.version is SpecVersion.V3_4


def test_it_names_one() -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"ignition": {}})
