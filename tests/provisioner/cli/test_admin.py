"""The command's questions, asked of a real daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.admin import Admin
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import SITE

pytestmark = pytest.mark.protocol


@pytest.fixture
def admin(served: DaemonChild) -> Admin:
    return Admin(served.state / "admin.sock")


def test_what_it_is_told(served: DaemonChild, admin: Admin) -> None:
    status = admin.status()
    assert (status["site"], status["machines"]) == ("small", 0)
    assert [host["host"] for host in admin.hosts()] == [host.name for host in SITE.hosts]
    assert admin.machines() == []
    assert admin.artifacts() == {}
    assert admin.events() == served.events()
    assert [event["kind"] for event in admin.events(limit=1)] == ["ContributionPut"]
    assert admin.events(host="w1") == []
    assert admin.events(after=1000) == []
    assert admin.script("cp1").startswith("#!ipxe\n")


def test_refusals_in_the_daemons_words(admin: Admin) -> None:
    told: list[str] = []
    for refused in (
        lambda: admin.script("w9"),
        lambda: admin.approve("52:54:00:00:00:99", "w1"),
        lambda: admin.reinstall("w1"),
        lambda: admin.retry("w1"),
    ):
        with pytest.raises(OperatorError) as error:
            refused()
        told.append(str(error.value))
    assert told == [
        "the declaration has no host w9",
        "no machine has been seen with the MAC 52:54:00:00:00:99",
        "no machine is known to be w1",
        "no machine is known to be w1",
    ]


def test_no_daemon(tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as error:
        Admin(tmp_path / "admin.sock").status()
    assert str(error.value) == (
        f"no daemon answers at {tmp_path / 'admin.sock'}; is `provisioner serve SITE.py` running, "
        "with the same --state?"
    )
