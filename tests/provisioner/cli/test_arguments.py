from __future__ import annotations

from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.arguments import admin_of, place_of
from provisioner.cli.places import state_folder

pytestmark = pytest.mark.unit


def test_the_state_as_given_or_where_it_usually_is(tmp_path: Path) -> None:
    assert (place_of(tmp_path), place_of(None)) == (tmp_path, state_folder())
    with pytest.raises(OperatorError, match=f"no daemon answers at {tmp_path}/daemon/admin.sock"):
        admin_of(tmp_path).leases()
