"""dnsmasq's name server asked by scapy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provisioner.cli.doctor.name_asker import ask, own_name
from provisioner.cli.doctor.observation import NameAnswer
from tests.namespaces import Segment, segment

pytestmark = pytest.mark.protocol

SERVER = "10.7.0.2"
_QUIET = ("--keep-in-foreground", "--conf-file=/dev/null", "--log-facility=-", "--user=root")


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_names_and_silence(wire: Segment) -> None:
    server = wire.station("eth0", f"{SERVER}/24")
    machine = wire.station("eth0", "10.7.0.9/24")
    records = ("--no-hosts", "--no-resolv", "--address=/cp1.home.example/10.7.0.11")
    running = server.start("dnsmasq", *_QUIET, *records)
    assert running.stdout is not None
    for line in running.stdout:
        if "started" in line:
            break

    def asked(name: str, of: str = SERVER) -> NameAnswer:
        return machine.call(lambda: ask(of, name, "10.7.0.11"))

    assert asked("cp1.home.example") == NameAnswer(
        SERVER, "cp1.home.example", "NOERROR", ("10.7.0.11",), "10.7.0.11"
    )
    assert asked("elsewhere.example").code == "REFUSED"
    assert asked("cp1.home.example", "10.7.0.77").code == ""
    running.kill()
    running.wait()
    assert asked("cp1.home.example").code == ""


def test_a_name_that_every_server_knows_something_of() -> None:
    assert own_name("10.7.0.1") == "1.0.7.10.in-addr.arpa"
