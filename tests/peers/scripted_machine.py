"""A machine played by a script, in milliseconds: firmware, iPXE, ramdisk agent and installed system.

DHCP is scapy's, TFTP tftpy's, HTTP the standard library's: none of it is ours. Like a real machine it
asks again until it is answered, so that the daemon may be killed at any moment. It writes nothing:
`writings` counts how often it would have written its disk.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import tftpy  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from provisioner.agent.messages import DiskReport, HardwareReport, NicReport
from tests.namespaces import NetworkNamespace
from tests.peers.dhcp_client import DhcpClient, Leased

T = TypeVar("T")
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


def blank_disk(serial: str = "DISK-1", *content: str) -> DiskReport:
    return DiskReport("vda", 20 * 2**30, "virtual", serial, content=content)


@dataclass
class ScriptedMachine:
    """To be used in a thread that is in `station`. `between` is called after every message that was
    answered, with what it was; `under_way` the first time an HTTP request of a kind was sent, before
    its answer is read."""

    station: NetworkNamespace
    mac: str
    interface: str = "eth0"
    uuid: str = "6f6b1c0e-0000-4000-8000-000000000001"
    serial: str = "SERIAL-1"
    disk: DiskReport = field(default_factory=blank_disk)
    between: Callable[[str], None] = lambda _: None
    under_way: Callable[[str], None] = lambda _: None
    address: str = ""
    writings: list[str] = field(default_factory=list[str])
    addresses: list[str] = field(default_factory=list[str])
    installed_token: str = "-"
    report_url: str = ""
    _kinds_sent: set[str] = field(default_factory=set[str])

    @property
    def report(self) -> HardwareReport:
        return HardwareReport(
            boot_mac=self.mac,
            system_uuid=self.uuid,
            serial=self.serial,
            vendor="Test",
            product="Scripted",
            firmware="bios",
            cpus=2,
            cpu_model="none",
            memory=2 * 2**30,
            nics=(NicReport(self.interface, self.mac, "veth", True, 1000),),
            disks=(self.disk,),
        )

    # Its lives.

    def boot_from_network(self) -> str:
        """Firmware, then iPXE; the script it is given."""
        rom = self.dhcp({"vendor_class_id": b"PXEClient:Arch:00000:UNDI:002001"}, arch=0)
        program = self.tftp(rom.server, rom.boot_file)
        assert len(program) > 10_000, "that is no boot program"
        ipxe = self.dhcp({"user_class": b"iPXE", "vendor_class_id": b"PXEClient"}, arch=0)
        url = ipxe.boot_file.replace("${uuid}", self.uuid).replace("${platform}", "pcbios")
        answered = self.http("GET", re.sub(r"\$\{serial[^}]*\}", self.serial, url))
        assert answered.status == 200, answered
        return answered.body.decode()

    def run_ramdisk(self, script: str) -> None:
        """From the script that boots the ramdisk to the agent's reboot."""
        kernel = next(line for line in script.splitlines() if line.startswith("kernel "))
        initrd = next(line for line in script.splitlines() if line.startswith("initrd "))
        arguments = dict(word.split("=", 1) for word in kernel.split() if "=" in word)
        for line in (kernel, initrd):
            url = next(word for word in line.split() if word.startswith("http://"))
            self.fetch_verified(url, url.split("/artifacts/")[1].split("/")[0])
        self.dhcp({"vendor_class_id": b"harmony-ramdisk"})
        self.agent(arguments["harmony.url"], arguments["harmony.token"])

    def agent(self, base: str, token: str) -> None:
        """Report, carry orders out, until told to reboot."""
        bearer = {"Authorization": f"Bearer {token}"}
        report = json.dumps(asdict(self.report)).encode()
        answered = self.http("POST", f"{base}/agent/report", report, bearer)
        assert answered.status == 200, answered
        assert answered.json()["server_time"] > 0
        while (order := self._order(base, bearer))["kind"] != "reboot":
            if order["kind"] == "install":
                self._install(base, bearer, order)

    def _order(self, base: str, bearer: dict[str, str]) -> dict[str, Any]:
        answered = self.http("GET", f"{base}/agent/order", headers=bearer)
        assert answered.status == 200, answered
        return cast(dict[str, Any], answered.json())

    def _install(self, base: str, bearer: dict[str, str], order: dict[str, Any]) -> None:
        assert order["disk"]["serial"] == self.disk.serial
        assert not (order["must_be_blank"] and self.disk.content), "the agent refuses this disk"
        self.fetch_verified(order["ignition_url"], order["ignition_sha256"])
        image = self.fetch_verified(order["image_url"], order["image_sha256"])
        assert len(image) == order["image_size"]
        half = {"order": order["order"], "phase": "image", "done": 1, "total": 2}
        assert self._post(f"{base}/agent/progress", half, bearer).status == 200
        begun = {"order": order["order"]}
        assert self._post(f"{base}/agent/begun", begun, bearer).status == 200
        self.writings.append(order["order"])
        self.disk = DiskReport(
            self.disk.name, self.disk.size, "virtual", self.disk.serial, content=("gpt",)
        )
        self.report_url, self.installed_token = order["report_url"], order["report_token"]
        written = {"order": order["order"], "disk": asdict(self.disk)}
        assert self._post(f"{base}/agent/written", written, bearer).status == 200

    def first_boot(self) -> None:
        """The installed system asks for its address and reports."""
        self.dhcp({})
        told = {"machine_id": "0123", "kernel": "6.1"}
        assert self._post(self.report_url, told, {}).status == 200

    # Its messages.

    def dhcp(self, options: dict[str, bytes], arch: int | None = None) -> Leased:
        """DISCOVER, OFFER, REQUEST, ACK; the address is on the interface then."""
        client = DhcpClient(self.interface, self.mac, options, arch)
        offered = client.discover()
        self.between("DISCOVER")
        leased = client.request(offered)
        self._take(leased)
        self.between("REQUEST")
        return leased

    def _take(self, leased: Leased) -> None:
        self.address = leased.address
        self.addresses.append(leased.address)
        commands = [
            ("ip", "address", "flush", "dev", self.interface),
            ("ip", "address", "add", f"{leased.address}/24", "dev", self.interface),
        ]
        if leased.router:
            commands.append(("ip", "route", "replace", "default", "via", leased.router))
        for command in commands:
            subprocess.run(command, check=True)

    def tftp(self, server: str, name: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "received"

            def once() -> bytes:
                client: Any = tftpy.TftpClient(server, 69)
                client.download(name, str(path), timeout=1)
                return path.read_bytes()

            content = _again(once)
        self.between(f"TFTP {name}")
        return content

    def fetch_verified(self, url: str, sha256: str) -> bytes:
        answered = self.http("GET", url)
        assert answered.status == 200, answered
        assert hashlib.sha256(answered.body).hexdigest() == sha256
        return answered.body

    def _post(self, url: str, document: dict[str, Any], headers: dict[str, str]) -> Answered:
        return self.http("POST", url, json.dumps(document).encode(), headers)

    def http(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answered:
        """Asked again while nobody answers or the answer is 5xx, as Ignition and the agent do."""
        answered = _again(lambda: self.http_once(method, url, body, headers))
        self.between(f"{method} {urlsplit(url).path}")
        return answered

    def http_once(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answered:
        """Raises ConnectionError for 5xx too."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        assert parts.hostname is not None
        connection = http.client.HTTPConnection(
            parts.hostname, parts.port or 80, timeout=15, source_address=(self.address, 0)
        )
        try:
            connection.request(method, target, body, headers or {})
            self._sent(f"{method} {parts.path.removesuffix(self.installed_token)}")
            response = connection.getresponse()
            answered = Answered(response.status, response.read(), dict(response.getheaders()))
        finally:
            connection.close()
        if answered.status >= 500:
            raise ConnectionError(f"{method} {url} gave {answered.status}: {answered.body!r}")
        return answered

    def _sent(self, words: str) -> None:
        if words not in self._kinds_sent:
            self._kinds_sent.add(words)
            self.under_way(words)


def _again(attempt: Callable[[], T]) -> T:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return attempt()
        except Exception as error:
            retryable = isinstance(error, (OSError, http.client.HTTPException)) or "Tftp" in repr(
                type(error)
            )
            if not retryable or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
