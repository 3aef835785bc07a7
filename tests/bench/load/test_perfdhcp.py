"""perfdhcp's report, as version 2.2 prints it."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from bench.load.perfdhcp import Exchange, command, parse

pytestmark = pytest.mark.unit

PRINTED = """\
Running: perfdhcp -4 -l eth0 -r 1000 -R 1073741824 -p 4 -d 1 -W 1000000 10.16.0.1
Scenario: basic.
Multi-thread mode enabled.
***Rate statistics***
Rate: 221.368 4-way exchanges/second, expected rate: 1000

***Malformed Packets***
Malformed packets: 0
***Statistics for: DISCOVER-OFFER***
sent packets: 3999
received packets: 2102
drops: 1897
drops ratio: 47.4369 %
orphans: 0
rejected leases: 0
non unique addresses: 0

min delay: 0.950 ms
avg delay: 176.594 ms
max delay: 367.563 ms
std deviation: 49.976 ms
collected packets: 49

***Statistics for: REQUEST-ACK***
sent packets: 2102
received packets: 1107
drops: 995
drops ratio: 47.336 %
orphans: 0
rejected leases: 0
non unique addresses: 0

min delay: 1.942 ms
avg delay: 180.086 ms
max delay: 366.452 ms
std deviation: 51.597 ms
collected packets: 22

"""
UNANSWERED = """\
***Statistics for: DISCOVER-OFFER***
sent packets: 50
received packets: 0
drops: 50

Delay summary unavailable! No packets received.

***Statistics for: REQUEST-ACK***
sent packets: 0
received packets: 0
drops: 0

Delay summary unavailable! No packets received.
"""


def test_its_report_is_read() -> None:
    report = parse(PRINTED)
    assert report.offers == Exchange(3999, 2102, 176.594)
    assert report.acks == Exchange(2102, 1107, 180.086)
    assert report.lost == pytest.approx(1 - 1107 / 3999)


def test_a_server_that_is_silent_loses_everything() -> None:
    assert parse(UNANSWERED).lost == 1.0


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="tells nothing of 'DISCOVER-OFFER'"):
        parse("perfdhcp: no such interface\n")


def test_it_is_told_its_load() -> None:
    words = command(IPv4Address("10.16.0.1"), "eth0", 2000, 5)
    assert (
        " ".join(words)
        == "perfdhcp -4 -g single -l eth0 -r 2000 -R 1073741824 -p 5 -d 1 -W 1000000 10.16.0.1"
    )
