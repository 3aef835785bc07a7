from __future__ import annotations

import pytest

from harmony.domain.preflight.check import LONGEST, CheckKind, Group
from inventory.errors import ProvisionerBug

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("id", ["ntp", "host-forward-record", "tls2-front"])
def test_names(id: str) -> None:
    assert CheckKind(id, Group.TIME, "?", "!").id == id


@pytest.mark.parametrize("id", ["", "Ntp", "ntp_server", "ntp server", "-ntp", "ntp-", "2ntp"])
def test_what_is_no_name(id: str) -> None:
    with pytest.raises(ProvisionerBug, match="no name for a check"):
        CheckKind(id, Group.TIME, "?", "!")


@pytest.mark.parametrize(
    ("soft", "hard"), [(0.0, 1.0), (2.0, 1.0), (1.0, LONGEST + 0.1), (-1.0, 5.0)]
)
def test_none_may_run_longer_than_ten_seconds(soft: float, hard: float) -> None:
    with pytest.raises(ProvisionerBug, match="soft"):
        CheckKind("ntp", Group.TIME, "?", "!", soft, hard)
