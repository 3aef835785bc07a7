"""dnsperf's report, as version 2.10 prints it."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from bench.load.dnsperf import Report, command, parse

pytestmark = pytest.mark.unit

PRINTED = """\
DNS Performance Testing Tool
Version 2.10.0

[Status] Command line: dnsperf -s 10.16.0.1 -d questions -c 8 -T 1 -q 100 -l 3
[Status] Sending queries (to 10.16.0.1:53)
[Status] Testing complete (time limit)

Statistics:

  Queries sent:         166449
  Queries completed:    166440 (99.99%)
  Queries lost:         9 (0.01%)

  Response codes:       NOERROR 156434 (93.99%), NXDOMAIN 10006 (6.01%)
  Average packet size:  request 36, response 52
  Run time (s):         3.000842
  Queries per second:   55464.433

  Average Latency (s):  0.001715 (min 0.000036, max 0.012081)
  Latency StdDev (s):   0.000553

"""


def test_its_report_is_read() -> None:
    assert parse(PRINTED) == Report(55464.433, 9, {"NOERROR": 156434, "NXDOMAIN": 10006})


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no such file"):
        parse("Error: unable to open: no such file\n")


def test_it_is_told_its_load() -> None:
    words = command(IPv4Address("10.16.0.1"), Path("questions"), 6)
    assert " ".join(words) == "dnsperf -s 10.16.0.1 -d questions -c 8 -T 1 -q 100 -l 6"
