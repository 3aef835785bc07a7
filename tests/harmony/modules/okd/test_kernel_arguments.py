"""What we write, and what NetworkManager's generator understands by it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmony.modules.okd.kernel_arguments import (
    BondedCards,
    Card,
    FirstNetwork,
    network_arguments,
)
from tests.harmony.modules.okd.initrd_generator import Profile, understood

MAC, OTHER_MAC = "52:54:00:07:00:11", "52:54:00:07:00:12"
LACP = (("mode", "802.3ad"), ("miimon", "100"), ("lacp_rate", "fast"))
BOND = BondedCards("bond0", (MAC, OTHER_MAC), LACP)
PLAIN = FirstNetwork(
    "m0",
    IPv4Interface("10.7.0.11/24"),
    Card(MAC),
    gateway=IPv4Address("10.7.0.1"),
    name_servers=(IPv4Address("10.7.0.1"), IPv4Address("10.7.0.2")),
)
IPV4 = {"address1": "10.7.0.11/24,10.7.0.1", "dns": "10.7.0.1;10.7.0.2;", "method": "manual"}
OFF = {"method": "disabled"}


def port(name: str) -> Profile:
    return {
        "connection": {
            "type": "ethernet",
            "interface-name": name,
            "master": "bond0",
            "slave-type": "bond",
        }
    }


@pytest.mark.unit
@pytest.mark.parametrize(
    ("network", "arguments"),
    [
        (
            PLAIN,
            "ip=10.7.0.11::10.7.0.1:24:m0:52-54-00-07-00-11:none"
            " nameserver=10.7.0.1 nameserver=10.7.0.2",
        ),
        (
            replace(PLAIN, gateway=None, name_servers=(), mtu=9000),
            "ip=10.7.0.11:::24:m0:52-54-00-07-00-11:none:9000",
        ),
        (
            replace(PLAIN, cards=Card("52-54-00-07-00-11"), vlan=100, name_servers=()),
            "ifname=port0:52:54:00:07:00:11 vlan=port0.100:port0"
            " ip=10.7.0.11::10.7.0.1:24:m0:port0.100:none",
        ),
        (
            replace(PLAIN, cards=BOND, name_servers=(), mtu=9000),
            "ifname=port0:52:54:00:07:00:11 ifname=port1:52:54:00:07:00:12"
            " bond=bond0:port0,port1:mode=802.3ad,miimon=100,lacp_rate=fast:9000"
            " ip=10.7.0.11::10.7.0.1:24:m0:bond0:none",
        ),
        (
            replace(PLAIN, cards=BOND, name_servers=(), vlan=7, mtu=1400),
            "ifname=port0:52:54:00:07:00:11 ifname=port1:52:54:00:07:00:12"
            " bond=bond0:port0,port1:mode=802.3ad,miimon=100,lacp_rate=fast:1400"
            " vlan=bond0.7:bond0 ip=10.7.0.11::10.7.0.1:24:m0:bond0.7:none:1400",
        ),
    ],
)
def test_the_arguments(network: FirstNetwork, arguments: str) -> None:
    assert " ".join(network_arguments(network)) == f"rd.neednet=1 {arguments}"


@pytest.mark.unit
def test_a_mac_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a MAC"):
        network_arguments(replace(PLAIN, cards=Card("eth0")))


@pytest.mark.protocol
def test_a_card_as_networkmanager_understands_it() -> None:
    told = understood(*network_arguments(replace(PLAIN, mtu=9000)))
    assert told.hostname == "m0"
    assert told.profiles == {
        MAC: {
            "connection": {"type": "ethernet"},
            "ethernet": {"mac-address": MAC, "mtu": "9000"},
            "ipv4": IPV4,
            "ipv6": OFF,
        }
    }


@pytest.mark.protocol
def test_a_bond_as_networkmanager_understands_it() -> None:
    told = understood(*network_arguments(replace(PLAIN, cards=BOND, mtu=9000)))
    assert told.profiles == {
        "port0": port("port0"),
        "port1": port("port1"),
        "bond0": {
            "connection": {"type": "bond", "interface-name": "bond0"},
            "ethernet": {"mtu": "9000"},
            "bond": dict(LACP),
            "ipv4": IPV4,
            "ipv6": OFF,
        },
    }


@pytest.mark.protocol
@pytest.mark.parametrize("cards", [Card(MAC), BOND], ids=["card", "bond"])
def test_a_vlan_as_networkmanager_understands_it(cards: Card | BondedCards) -> None:
    told = understood(*network_arguments(replace(PLAIN, cards=cards, vlan=100)))
    below = "port0" if isinstance(cards, Card) else "bond0"
    assert told.profiles[f"{below}.100"]["vlan"] == {"flags": "1", "id": "100", "parent": below}
    assert told.profiles[f"{below}.100"]["ipv4"] == IPV4
    assert told.profiles[below].get("ipv4", OFF)["method"] == "disabled"


LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@st.composite
def networks(draw: st.DrawFn) -> FirstNetwork:
    prefix = draw(st.integers(8, 30))
    address = IPv4Interface((draw(st.integers(0x0B000001, 0xDF000000)), prefix))
    hosts = st.integers(int(address.network[1]), int(address.network[-2])).map(IPv4Address)
    return FirstNetwork(
        draw(LABELS),
        IPv4Interface((draw(hosts), prefix)),
        Card(MAC),
        gateway=draw(st.none() | hosts),
        name_servers=tuple(draw(st.lists(hosts, max_size=3, unique=True))),
        mtu=draw(st.none() | st.integers(1280, 9216)),
    )


@pytest.mark.protocol
@settings(max_examples=60, deadline=None)
@given(networks())
def test_any_network_comes_out_as_it_went_in(network: FirstNetwork) -> None:
    told = understood(*network_arguments(network))
    way = "" if network.gateway is None else f",{network.gateway}"
    ipv4 = told.profiles[MAC]["ipv4"]
    assert told.hostname == network.hostname
    assert ipv4["address1"] == f"{network.address}{way}"
    assert ipv4.get("dns", "") == "".join(f"{one};" for one in network.name_servers)
    mtu = told.profiles[MAC]["ethernet"].get("mtu")
    assert mtu == (None if network.mtu is None else str(network.mtu))
