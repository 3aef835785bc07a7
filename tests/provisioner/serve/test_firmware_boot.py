"""Real firmware on our wire: what it says to our answers, from power-on to iPXE's script."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from typing_extensions import override

from ipxe_templates import read_templates
from provisioner.protocol.boot.plan import AskAgain
from provisioner.protocol.boot.script import BootScripts, ScriptReader, render
from provisioner.protocol.dhcp.client import ClientKind
from provisioner.protocol.dhcp.event import Acknowledged, RequestHeard, RouterAbsenceTold
from provisioner.protocol.tftp.event import FileSent, SizeProbed
from provisioner.serve.tftp_server import TftpServer
from tests.built_boot_programs import boot_programs
from tests.namespaces import enter_network_namespace, segment
from tests.provisioner.serve.dhcp_service import CP1, CP1_ADDRESS, SERVER, Served
from tests.served import Events, serving

pytestmark = pytest.mark.boot

OVMF = Path("/usr/share/OVMF")
GUEST = "12345678-9abc-def0-1122-334455667788"
SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class ScriptAsked:
    """iPXE has asked for its script."""

    path: str


@dataclass
class ScriptServer:
    """Answers every GET with the next of its scripts, the last one for ever; None is a refusal."""

    scripts: list[bytes | None]
    events: Events
    _http: list[HTTPServer] = field(default_factory=list[HTTPServer])

    def open(self, pid: int) -> None:
        """Serve in the network namespace of a process, in a thread."""
        thread = threading.Thread(target=self._serve, args=(pid,), daemon=True)
        thread.start()

    def _serve(self, pid: int) -> None:
        enter_network_namespace(pid)
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.events.record(ScriptAsked(self.path))
                script = owner.scripts.pop(0) if len(owner.scripts) > 1 else owner.scripts[0]
                self.send_response(403 if script is None else 200)
                self.send_header("Content-Length", str(len(script or b"")))
                self.end_headers()
                self.wfile.write(script or b"")

            @override
            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(HTTPServer):
            @override
            def server_bind(self) -> None:
                """Without http.server's look-up of a name for the address, which waits for DNS."""
                self.socket.bind(self.server_address)

        with Server(("10.7.0.1", 80), Handler) as http:
            self._http.append(http)
            http.serve_forever()

    def close(self) -> None:
        for http in self._http:
            http.shutdown()


@dataclass
class Room:
    """Servers and one virtual machine's socket in the wall."""

    served: Served
    scripts: ScriptServer
    directory: Path

    def powers_on(self, *arguments: str) -> subprocess.Popen[str]:
        """A machine with CP1's MAC in a virtio card on the segment."""
        tap = self.served.wire.tap()
        netdev = f"tap,id=n0,ifname={tap},script=no,downscript=no"
        fixed = ("-nodefaults", "-display", "none", "-machine", "q35,accel=tcg", "-m", "256")
        return self.served.wire.hub.start(
            "qemu-system-x86_64",
            *fixed,
            *("-no-reboot", "-uuid", GUEST, "-netdev", netdev),
            *("-serial", f"file:{self.directory / 'console'}"),
            *arguments,
        )

    def ovmf(self) -> tuple[str, ...]:
        """The arguments for OVMF, with variables of its own."""
        variables = self.directory / "variables"
        shutil.copy(OVMF / "OVMF_VARS_4M.fd", variables)
        code = f"if=pflash,format=raw,readonly=on,file={OVMF / 'OVMF_CODE_4M.fd'}"
        return ("-drive", code, "-drive", f"if=pflash,format=raw,file={variables}")

    def stages(self) -> list[ClientKind]:
        """Who was given an address, in order."""
        return [heard.client for heard in self.served.events.of(RequestHeard)]


def boot_program(path: str, peer: IPv4Address) -> Path | None:
    file = boot_programs() / path
    return file if peer == CP1_ADDRESS and file.exists() else None


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with segment() as wire:
        served = Served(wire, wire.station("lan0", "10.7.0.1/24"))
        served.link = replace(served.link, lease_time=3600)
        scripts = ScriptServer([b"#!ipxe\necho done\n"], served.events)
        scripts.open(served.station.pid)
        tftp = TftpServer(
            interface="lan0",
            address=SERVER,
            open_file=boot_program,
            on_event=served.events.record,
        )
        with serving(served.station, [served.server(), tftp]):
            yield Room(served, scripts, tmp_path)
        scripts.close()


def script_path(platform: str) -> str:
    return f"/boot.ipxe?mac={CP1.replace(':', '-')}&uuid={GUEST}&serial=&platform={platform}"


def test_seabios_starts_the_cards_ipxe_and_that_our_undionly(room: Room) -> None:
    """The card's ROM is iPXE already; its first script loads ours as a PC's PXE would."""
    room.scripts.scripts.insert(0, b"#!ipxe\nchain tftp://10.7.0.1/undionly.kpxe\n")
    room.powers_on("-device", f"virtio-net-pci,netdev=n0,mac={CP1},bootindex=1")
    asked = room.served.events.wait_for(ScriptAsked, 2, SECONDS)
    assert {one.path for one in asked} == {script_path("pcbios")}
    assert [sent.path for sent in room.served.events.of(FileSent)] == ["undionly.kpxe"]
    assert set(room.stages()) == {ClientKind.IPXE}
    assert {told.address for told in room.served.events.of(Acknowledged)} == {CP1_ADDRESS}


def test_who_waits_in_ipxe_and_is_refused_takes_its_address_anew(room: Room) -> None:
    """iPXE renews no lease, and by an expired one nobody gets a script."""
    scripts = BootScripts(read_templates())
    reader = ScriptReader(CP1, "cp1", "token")
    waiting = render(AskAgain("waiting"), reader, "http://10.7.0.1", None, scripts)
    room.scripts.scripts[:0] = [waiting.encode(), None]
    room.powers_on("-device", f"virtio-net-pci,netdev=n0,mac={CP1},bootindex=1")
    room.served.events.wait_for(ScriptAsked, 3, SECONDS)
    told = [type(one) for one in room.served.events.told]
    asked = [at for at, kind in enumerate(told) if kind is ScriptAsked]
    assert told[asked[0] : asked[1]].count(Acknowledged) == 0
    assert told[asked[1] : asked[2]].count(Acknowledged) == 1


def test_ovmf_loads_snponly_by_its_own_pxe(room: Room) -> None:
    """EDK2 takes the offer without options 60 and 43 as complete, probes the size, loads, and the
    same address goes with the machine from stage to stage."""
    card = f"virtio-net-pci,netdev=n0,mac={CP1},bootindex=1,romfile="
    room.powers_on(*room.ovmf(), "-device", card)
    asked = room.served.events.wait_for(ScriptAsked, 1, SECONDS)
    assert asked == [ScriptAsked(script_path("efi"))]
    assert room.stages() == [ClientKind.PXE, ClientKind.IPXE]
    assert {told.address for told in room.served.events.of(Acknowledged)} == {CP1_ADDRESS}
    size = (boot_programs() / "snponly.efi").stat().st_size
    assert room.served.events.of(SizeProbed) == [SizeProbed(CP1_ADDRESS, "snponly.efi", size)]
    sent = room.served.events.of(FileSent)
    assert [(one.path, one.size) for one in sent] == [("snponly.efi", size)]
    assert CP1 in {told.mac for told in room.served.events.of(RouterAbsenceTold)}
