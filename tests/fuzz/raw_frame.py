"""Any Ethernet frame that our frame sockets hear."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["provisioner"]):
    from provisioner.protocol.arp.packet import probe, read
    from provisioner.protocol.ndp.router_absence import no_router, solicitation
    from provisioner.serve.raw_frame import build, parse

OWN_MAC = bytes.fromhex("525400070001")
LONGEST_PAYLOAD = 65_507


def one_input(data: bytes) -> None:
    datagram = parse(data)
    if datagram is not None and len(datagram.payload) <= LONGEST_PAYLOAD:
        assert parse(build(datagram)) == datagram
    asked = solicitation(data)
    if asked is not None:
        assert no_router(asked, OWN_MAC)[:6] == data[6:12]
    spoken = read(data)
    if spoken is not None:
        assert bytes.fromhex(spoken.mac.replace(":", "")) == data[22:28]
        assert read(probe(OWN_MAC, spoken.number)) is None


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
