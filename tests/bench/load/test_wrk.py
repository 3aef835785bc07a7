"""wrk's report, as version 4.1 prints it."""

from __future__ import annotations

import pytest

from bench.load.wrk import Report, command, parse

pytestmark = pytest.mark.unit

PRINTED = """\
Running 3s test @ http://10.16.0.1/boot.ipxe
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.21ms    2.35ms  33.02ms   85.34%
    Req/Sec     8.25k     1.02k   10.33k    65.00%
  Latency Distribution
     50%    3.71ms
     75%    4.90ms
     90%    6.77ms
     99%   13.71ms
  49301 requests in 3.00s, 24.36MB read
Requests/sec:  16418.55
Transfer/sec:      8.11MB
"""
TROUBLED = PRINTED.replace(
    "Requests/sec",
    "  Socket errors: connect 1, read 2, write 0, timeout 4\n"
    "  Non-2xx or 3xx responses: 10\nRequests/sec",
)


def test_its_report_is_read() -> None:
    assert parse(PRINTED) == Report(16418.55, 13.71, 0)


def test_every_failure_counts() -> None:
    assert parse(TROUBLED).failed == 17


@pytest.mark.parametrize(
    "printed, p99", [("950.00us", 0.95), ("1.50s", 1500.0), ("2.00m", 120000.0)]
)
def test_units_are_understood(printed: str, p99: float) -> None:
    assert parse(PRINTED.replace("13.71ms", printed)).p99_ms == pytest.approx(p99)


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="unable to connect"):
        parse("unable to connect to 10.16.0.1:http Connection refused\n")


def test_it_is_told_its_load() -> None:
    words = " ".join(command("http://10.16.0.1/", 64, 6))
    assert words == "wrk --latency --threads 2 --connections 64 --duration 6s http://10.16.0.1/"
