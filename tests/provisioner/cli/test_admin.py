"""The command's questions, asked of a real daemon."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.errors import OperatorError
from provisioner.cli.admin import Admin, nobody_answers
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import SITE, served_site

pytestmark = pytest.mark.protocol


@pytest.fixture
def admin(served: DaemonChild) -> Admin:
    return Admin(served.state / "admin.sock")


def test_what_it_is_told(served: DaemonChild, admin: Admin) -> None:
    status = admin.status()
    assert (status["site"], status["machines"]) == ("small", 0)
    assert [host["host"] for host in admin.hosts()] == [host.name for host in SITE.hosts]
    assert admin.machines() == []
    assert [(one["address"], one["state"]) for one in admin.leases()] == [
        ("10.7.0.11", "reserved"),
        ("10.7.0.12", "reserved"),
    ]
    assert admin.artifacts() == {}
    assert list(admin.events(host="w1")) == []
    assert list(admin.events(after=1000)) == []
    assert admin.script("cp1").startswith("#!ipxe\n")


def test_what_it_tells_is_logged_of_its_host(served: DaemonChild, admin: Admin) -> None:
    admin.tell("CheckChanged", "elsewhere", {"check": "ntp-synced"})
    (event,) = admin.events(host="elsewhere")
    assert (event["kind"], event["detail"]) == ("CheckChanged", {"check": "ntp-synced"})


def test_all_events_whatever_fits_into_one_answer(tmp_path: Path) -> None:
    with served_site(tmp_path) as daemon:
        for owner in ("one", "another"):
            daemon.put(Contribution(owner)).raise_for_status()
        logged = daemon.events()
        assert [one["kind"] for one in logged] == [
            *("ContributionPut", "CertificateIssued"),
            *["ContributionPut"] * 2,
        ]
        for at_once in (1, 2, 3, 1000):
            assert list(Admin(daemon.state / "admin.sock", at_once).events()) == logged


def test_refusals_in_the_daemons_words(admin: Admin) -> None:
    told: list[str] = []
    for refused in (
        lambda: admin.script("w9"),
        lambda: admin.approve("52:54:00:00:00:99", "w1"),
        lambda: admin.reinstall("w1"),
        lambda: admin.retry("w1"),
        lambda: admin.release("nonsense/1", although_alive=True),
    ):
        with pytest.raises(OperatorError) as error:
            refused()
        told.append(str(error.value))
    assert told == [
        "the declaration has no host w9",
        "no machine has been seen with the MAC 52:54:00:00:00:99",
        "no machine is known to be w1",
        "no machine is known to be w1",
        "Not Found",
    ]


def test_no_daemon(tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as error:
        Admin(tmp_path / "admin.sock").status()
    assert str(error.value) == nobody_answers(tmp_path / "admin.sock", os.geteuid())


def test_a_user_is_told_of_roots_daemon(tmp_path: Path) -> None:
    asked, roots = tmp_path / "state" / "admin.sock", tmp_path / "roots"
    words = (
        f"no daemon answers at {asked}; is `provisioner serve SITE.py` running, "
        "with the same --state?"
    )
    assert nobody_answers(asked, 1000, roots) == words
    roots.mkdir()
    hint = f" There is root's in {roots}: run it under sudo"
    assert nobody_answers(asked, 1000, roots) == words + hint
    assert nobody_answers(asked, 0, roots) == words
    assert nobody_answers(roots / "daemon" / "admin.sock", 1000, roots).count("sudo") == 0


def test_anothers_daemon(tmp_path: Path) -> None:
    """As a user whom the folder is closed to: root has to become one first."""
    tmp_path.chmod(0)
    asked = tmp_path / "admin.sock"
    ask = f"from pathlib import Path; Admin(Path({str(asked)!r})).status()"
    code = f"from provisioner.cli.admin import Admin; {ask}"
    user = ("setpriv", "--reuid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    done = subprocess.run([*user, sys.executable, "-c", code], capture_output=True, text=True)
    tmp_path.chmod(0o700)
    said = done.stderr.splitlines()[-1]
    assert said == f"inventory.errors.OperatorError: {asked} is not yours: run it under sudo"
