from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.preflight.entrance import Balancer
from harmony.domain.preflight.finding import Verdict
from harmony.modules.preflight.addresses import Holders, judge_host, judge_vip

pytestmark = pytest.mark.unit

VIP, STRANGER, CP1 = IPv4Address("10.7.0.5"), "52:54:00:07:00:99", "52:54:00:07:00:11"
OWNERS = {CP1: "cp1"}
SITE, JUMP_HOST, NODES = Balancer.SITE, Balancer.JUMP_HOST, Balancer.NODES
OK, BAD = Verdict.SUCCESS, Verdict.FAILURE


@pytest.mark.parametrize(
    ("macs", "interface", "balancer", "verdict", "words"),
    [
        ((), "", NODES, OK, "nobody has 10.7.0.5 yet: it is free for the nodes"),
        ((), "", JUMP_HOST, OK, "it is free for the jump host"),
        ((), "", SITE, BAD, "nobody has 10.7.0.5, which the site's load balancer should have"),
        ((STRANGER,), "", NODES, BAD, f"{STRANGER} has 10.7.0.5 already"),
        ((STRANGER,), "", JUMP_HOST, BAD, f"{STRANGER} has 10.7.0.5 already"),
        ((STRANGER,), "", SITE, OK, f"{STRANGER} has 10.7.0.5"),
        ((CP1,), "", NODES, OK, "cp1 has 10.7.0.5, as it should"),
        ((CP1,), "", JUMP_HOST, BAD, f"cp1 ({CP1}) has 10.7.0.5 already"),
        ((), "lan0", JUMP_HOST, OK, "the jump host has 10.7.0.5, as it should"),
        ((), "lan0", NODES, BAD, "the jump host has 10.7.0.5 itself, on lan0"),
        ((), "lan0", SITE, OK, "the jump host has 10.7.0.5, on lan0"),
        (
            (STRANGER,),
            "lan0",
            JUMP_HOST,
            BAD,
            f"several have 10.7.0.5: {STRANGER} and the jump host",
        ),
        ((CP1, STRANGER), "", SITE, BAD, f"several have 10.7.0.5: cp1 ({CP1}) and {STRANGER}"),
    ],
)
def test_a_clusters_address(
    macs: tuple[str, ...], interface: str, balancer: Balancer, verdict: Verdict, words: str
) -> None:
    finding = judge_vip(Holders(VIP, macs, interface), balancer, OWNERS)
    assert (finding.verdict, words in finding.words) == (verdict, True), finding


@pytest.mark.parametrize(
    ("macs", "interface", "verdict", "words"),
    [
        ((), "", OK, "nobody has 10.7.0.5 yet"),
        ((CP1,), "", OK, "cp1 has 10.7.0.5"),
        ((STRANGER,), "", BAD, f"{STRANGER} has 10.7.0.5, and is not cp1"),
        ((CP1, STRANGER), "", BAD, f"{STRANGER} has 10.7.0.5, and is not cp1"),
        ((), "lan0", BAD, "the jump host itself has 10.7.0.5, on lan0"),
    ],
)
def test_a_hosts_address(
    macs: tuple[str, ...], interface: str, verdict: Verdict, words: str
) -> None:
    finding = judge_host(Holders(VIP, macs, interface), "cp1", [CP1])
    assert (finding.verdict, words in finding.words) == (verdict, True), finding


@given(
    st.lists(st.sampled_from([CP1, STRANGER, "02:00:00:00:00:01"]), unique=True),
    st.sampled_from(["", "lan0"]),
    st.sampled_from(Balancer),
)
def test_what_fails_says_what_to_do(macs: list[str], interface: str, balancer: Balancer) -> None:
    finding = judge_vip(Holders(VIP, tuple(macs), interface), balancer, OWNERS)
    assert bool(finding.fix) is (finding.verdict is BAD)
