from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from harmony.modules.preflight.jump_host import (
    Card,
    Listener,
    Room,
    judge_network,
    judge_ports,
    judge_room,
)
from inventory import PROXY, Network, Site

pytestmark = pytest.mark.unit

LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
FAR = Network("far", "10.9.0.0/24", "lan0", "10.7.0.1", gateway="10.9.0.1", relays=["10.9.0.1"])
SITE = Site("home", [LAN, FAR], [])
HERE, ELSEWHERE = IPv4Address("10.7.0.1"), IPv4Address("10.7.0.77")


@pytest.mark.parametrize(
    ("cards", "verdict", "words", "fix"),
    [
        ([Card("lan0", True, (ELSEWHERE, HERE))], "success", "lan0 is up and has 10.7.0.1", ""),
        ([Card("lan0", False, (HERE,))], "failure", "lan0 is down", "ip link set lan0 up"),
        (
            [Card("lan0", True, (ELSEWHERE,))],
            "failure",
            "interface lan0 lacks 10.7.0.1: it has 10.7.0.77",
            "ip address add 10.7.0.1/24 dev lan0",
        ),
        ([Card("lan0", True, ())], "failure", "it has no address", "ip address add"),
        (
            [Card("lo", True, ()), Card("eth0", True, ())],
            "failure",
            "there is no interface lan0, but lo, eth0",
            "declare the one that leads to 'lan'",
        ),
    ],
)
def test_interfaces(cards: list[Card], verdict: str, words: str, fix: str) -> None:
    finding = judge_network(LAN, cards)
    assert (finding.verdict.value, words in finding.words) == (verdict, True), finding
    assert finding.fix.startswith(fix)


@pytest.mark.parametrize(
    ("room", "verdict", "words"),
    [
        (Room("/state", 2_000, 5, read_only=False), "success", "2.0 kB are free in /state"),
        (
            Room("/state", 500, 5, read_only=False),
            "failure",
            "500 B are free in /state, and 1.0 kB",
        ),
        (Room("/state", 2_000, 0, read_only=False), "failure", "it has run out of inodes"),
        (Room("/state", 2_000, 5, read_only=True), "failure", "can't be written"),
    ],
)
def test_disks(room: Room, verdict: str, words: str) -> None:
    finding = judge_room(room, needed=1_000)
    assert (finding.verdict.value, words in finding.words) == (verdict, True), finding
    assert bool(finding.fix) is (verdict == "failure")


@pytest.mark.parametrize(
    ("listener", "taken"),
    [
        (
            Listener("udp", 67, None, program="dnsmasq (process 7)"),
            "dnsmasq (process 7) has udp 67",
        ),
        (Listener("udp", 67, None, "lan0"), "another program has udp 67"),
        (Listener("udp", 67, None, "eth9"), ""),
        (Listener("tcp", 80, "10.7.0.1", program="nginx"), "nginx has tcp 80"),
        (Listener("tcp", 443, None, program="nginx"), "nginx has tcp 443"),
        (Listener("tcp", 80, "127.0.0.1", program="nginx"), ""),
        (Listener("udp", 53, "127.0.0.53", "lo", "systemd-resolve"), ""),
        (Listener("udp", 80, None), ""),
        (Listener("udp", 4011, None), ""),
        (Listener("tcp", 22, None, program="sshd"), ""),
    ],
)
def test_ports(listener: Listener, taken: str) -> None:
    finding = judge_ports(SITE, [listener])
    assert finding.verdict.value == ("failure" if taken else "success")
    assert taken in finding.words


def test_ports_as_declared() -> None:
    beside = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", dhcp=PROXY)
    site = Site("home", [beside], [], http_port=8080, https_port=None)
    assert judge_ports(site, []).words == (
        "nobody has udp 53, tcp 53, udp 67, udp 69, udp 4011, tcp 8080"
    )
    two = [Listener("udp", 53, None, program="named"), Listener("tcp", 53, None, program="named")]
    finding = judge_ports(site, two)
    assert finding.words == "named has udp 53; named has tcp 53"
    assert finding.fix.startswith("stop named (and disable it)")
