from __future__ import annotations

import pytest

from provisioner.cli.doctor.diagnosis import RULES, diagnose
from provisioner.cli.doctor.observation import Observations
from tests.provisioner.cli.doctor.healthy import HEALTHY, OFFERS, offers, seen

pytestmark = pytest.mark.unit


def test_a_healthy_network_has_no_findings() -> None:
    assert diagnose(HEALTHY) == ()
    assert diagnose(seen(expected=None)) == ()
    assert diagnose(seen(acknowledged=None)) == ()


def test_what_was_never_seen_is_one_finding() -> None:
    nothing = Observations("eth0", "02:48:50:00:00:01", 10.0)
    assert [one.name for one in diagnose(nothing)] == ["no-offer"]


def test_what_comes_first_in_a_boot_is_said_first() -> None:
    bad = seen(offers=offers(file="", boot_file="", lease_time=1, after=9.0), names=(), tftp=())
    names = [one.name for one in diagnose(bad)]
    assert names[:3] == ["odd-lease-time", "slow-offer", "no-boot-file"]


def test_every_finding_says_what_why_and_what_to_do() -> None:
    broken = seen(offers=(OFFERS[0],), in_use_by="x", acknowledged=False)
    for rule in RULES:
        for finding in rule(broken):
            assert finding.name
            assert finding.what
            assert finding.why
            assert finding.remedy
