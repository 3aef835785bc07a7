from __future__ import annotations

import pytest

from harmony.modules.ignition.version import SpecVersion

pytestmark = pytest.mark.unit


def test_versions_are_ordered_and_written_as_in_a_config() -> None:
    assert [version.text for version in sorted(SpecVersion)] == [
        *("3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0", "3.6.0")
    ]
