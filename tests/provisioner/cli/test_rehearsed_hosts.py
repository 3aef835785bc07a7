"""Which hosts a rehearsal has machines for."""

from __future__ import annotations

import pytest

from harmony.modules.kubernetes.namespace import Namespace
from harmony.modules.machines.installed_hosts import InstalledHosts
from inventory.errors import OperatorError
from inventory.host import Host
from inventory.site import Site
from provisioner.cli.goal import DONE
from provisioner.cli.rehearsed_hosts import rehearsed_part
from tests.peers.served_site import LAN

pytestmark = pytest.mark.unit

M1, SPARE, M2 = Host("m1"), Host("spare"), Host("m2")
SITE = Site("home", [LAN], [M1, SPARE, M2])
SCORES = (InstalledHosts([M2, M1]), Namespace("web"))


def test_a_spare_is_left_out() -> None:
    assert rehearsed_part(SITE, SCORES, (), DONE) == Site("home", [LAN], [M1, M2])


def test_only_those_asked_for() -> None:
    assert rehearsed_part(SITE, SCORES, ("m2",), "ready") == Site("home", [LAN], [M2])


def test_no_score_with_a_host_is_a_rehearsal_without_machines() -> None:
    assert rehearsed_part(SITE, (Namespace("web"),), (), DONE).hosts == ()


@pytest.mark.parametrize(
    ("wished", "until", "words"),
    [
        (("w9", "m1", "w8"), "ready", "--host w8, w9: the declaration has m1, m2, spare"),
        (("spare",), "ready", "--host spare: no Score uses it, so nothing powers it on"),
        (
            ("m1",),
            DONE,
            "--host needs --until STATE: with some hosts only, the Scores can't be carried out",
        ),
    ],
)
def test_wishes_that_can_not_be(wished: tuple[str, ...], until: str, words: str) -> None:
    with pytest.raises(OperatorError) as refused:
        rehearsed_part(SITE, SCORES, wished, until)
    assert str(refused.value) == words


def test_a_state_that_no_machine_can_reach() -> None:
    with pytest.raises(OperatorError, match="--until ready: no Score uses a host"):
        rehearsed_part(SITE, (Namespace("web"),), (), "ready")
