from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import AnyBlank, Cable, Host, MatchRule, Network, Nic, Site, Switch, SwitchPort
from inventory.check import check, in_order
from inventory.diagnostic import Diagnostic, Place
from tests.inventory.written import brief, told

pytestmark = pytest.mark.unit


def test_a_sound_site_has_no_findings() -> None:
    source = """
    home = site(
        Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank()),
        Host("w1", nics=[Nic("52-54-00-07-00-12")], firmware=BIOS, bmc=WakeOnLan()),
        Host("w2", serial="ABC", system_uuid="7d1f4f7e-5a5c-4a0e-b7a6-5f0a4e1f2b3c"),
        domain="home.example",
    )
    """
    assert brief(source) == []


def test_printed_in_full_and_in_the_order_of_the_file() -> None:
    source = """\
    home = site(
        Host("w1", nics=[Nic("52:54:00:07:00:12")], adress="10.7.0.12"),
        Host("w1", nics=[Nic("52:54:00:07:00:13")], address="10.8.0.12"),
        networks=[lan],
    )
    """
    assert (
        told(source)
        == """\
error[HP0007]: Host has no 'adress'
 --> site.py:7:49
  |
7 |     Host("w1", nics=[Nic("52:54:00:07:00:12")], adress="10.7.0.12"),
  |                                                 ^^^^^^^^^^^^^^^^^^ did you mean address?
  = note: Host takes name, nics, address, firmware, disks, install_on, cpus, memory_gib, serial, \
system_uuid, bmc, match, rack, bay, client_id, relay_port, netboot
  = help: did you mean 'address'?

error[HP0011]: two Hosts are named 'w1'
 --> site.py:8:10
  |
8 |     Host("w1", nics=[Nic("52:54:00:07:00:13")], address="10.8.0.12"),
  |          ^^^^ named so before
  = note: the first is at site.py:7
  = help: give one Host another name

error[HP0028]: host 'w1' has 10.8.0.12, which is not one of network 'lan'
 --> site.py:8:49
  |
8 |     Host("w1", nics=[Nic("52:54:00:07:00:13")], address="10.8.0.12"),
  |                                                 ^^^^^^^^^^^^^^^^^^^ not a machine's address in \
10.7.0.0/24
  = note: 'lan' is at site.py:2
  = help: take one of 10.7.0.1 to 10.7.0.254, or name the right network: Nic(…, network=…)

3 errors"""
    )


def test_what_has_no_place_comes_first() -> None:
    placed = Diagnostic("HP0001", "b", Place("a.py", 2, 1, 2))
    earlier = Diagnostic("HP0001", "c", Place("a.py", 1, 5, 6))
    nowhere = Diagnostic("HP0001", "d")
    assert in_order([placed, earlier, nowhere]) == (nowhere, earlier, placed)


words = st.sampled_from(
    ["", "w1", "lan", "10.7.0.1", "10.7.0.0/24", "10.7.0.9", "52:54:00:07:00:12"]
)
texts = words | st.text(max_size=20)
numbers = st.integers(-(2**33), 2**33)
networks = st.builds(
    Network, texts, texts, texts, texts, st.none() | st.tuples(texts, texts), st.none() | texts,
    st.lists(texts, max_size=2), mtu=st.none() | numbers, lease_time=numbers,
)  # fmt: skip
hosts = st.builds(
    Host,
    texts,
    st.lists(st.builds(Nic, texts, st.none() | texts), max_size=2),
    st.none() | texts,
    install_on=st.none() | st.builds(AnyBlank, numbers),
    serial=st.none() | texts,
    system_uuid=st.none() | texts,
    match=st.none() | st.builds(MatchRule, numbers, numbers),
    rack=st.none() | texts,
)
switches = st.builds(Switch, texts, st.none() | texts)
cables = st.builds(Cable, texts, numbers, st.builds(SwitchPort, texts, texts))


@given(
    st.builds(
        Site,
        texts,
        st.lists(networks, max_size=3),
        st.lists(hosts, max_size=4),
        switches=st.lists(switches, max_size=2),
        cables=st.lists(cables, max_size=3),
        domain=st.none() | texts,
        http_port=numbers,
        https_port=st.none() | numbers,
    )
)
def test_judges_whatever_is_written(site: Site) -> None:
    """Never raises, and every finding says what to do."""
    for finding in check(site):
        assert finding.message
        assert finding.label
        assert finding.help
