"""What can be wrong with an agent-config, and with it beside its install-config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from pydantic import JsonValue

from harmony.modules.okd.agent_config import AgentConfig, AgentHost
from harmony.modules.okd.document import finding
from harmony.modules.okd.install_config import InstallConfig
from harmony.modules.okd.network_check import read_network
from harmony.modules.okd.networking import Networking
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.mac import normal_mac
from inventory.text import is_dns_name


def check_agent_config(config: AgentConfig, beside: InstallConfig) -> tuple[Diagnostic, ...]:
    return (
        *_hostnames(config),
        *_interfaces(config),
        *_disks(config),
        *_numbers(config, beside),
        *_rendezvous(config, beside),
        *_elsewhere(config),
    )


def _hostnames(config: AgentConfig) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for at, host in enumerate(config.hosts):
        name = host.hostname
        if name is None:
            continue
        if not is_dns_name(name) or name.split(".")[0] == "localhost":
            help = "lower-case letters, digits and hyphens, such as cp1"
            yield _host(f"hosts[{at}].hostname", f"{name!r} is no name of a node", help)
        if name in seen:
            help = "give each host a name of its own"
            yield _host(f"hosts[{at}].hostname", f"{name!r} is there twice", help)
        seen.add(name)


def _interfaces(config: AgentConfig) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for at, host in enumerate(config.hosts):
        where = f"hosts[{at}].interfaces"
        if not host.interfaces:
            words = "is empty, so nothing says which machine it is"
            yield _host(where, words, "name its cards and their MAC addresses")
        for name, times in Counter(one.name for one in host.interfaces).items():
            if times > 1:
                yield _host(where, f"{name!r} is there twice", "give each card a name of its own")
        for number, one in enumerate(host.interfaces):
            mac, place = _mac(one.mac_address), f"{where}[{number}].macAddress"
            if mac is None:
                words = f"{one.mac_address!r} is no MAC address"
                yield _host(place, words, "such as 52:54:00:07:00:11")
                continue
            if mac in seen:
                yield _host(place, f"{mac} is there twice", "a card is in one machine")
            seen.add(mac)


def _mac(written: str) -> str | None:
    """Bare digits are a MAC address to us, but not to the installer."""
    try:
        return None if written.isalnum() else normal_mac(written)
    except ValueError:
        return None


def _disks(config: AgentConfig) -> Iterator[Diagnostic]:
    for at, host in enumerate(config.hosts):
        hints = host.root_device_hints
        if hints and hints.device_name is not None and not hints.device_name.startswith("/dev/"):
            words = f"{hints.device_name!r} is no path of a disk"
            help = "such as /dev/disk/by-id/wwn-0x5000c500a1b2c3d4"
            yield _host(f"hosts[{at}].rootDeviceHints.deviceName", words, help)


def _numbers(config: AgentConfig, beside: InstallConfig) -> Iterator[Diagnostic]:
    control = beside.control_plane.replicas if beside.control_plane else None
    compute = beside.compute[0].replicas if beside.compute else None
    room = {
        "master": 3 if control is None else control,
        "worker": 3 if compute is None else compute,
    }
    roles = Counter[str](host.role for host in config.hosts if host.role)
    for role, most in room.items():
        if roles[role] > most:
            words = f"{roles[role]} have the role {role}, and install-config.yaml counts {most}"
            yield _host("hosts", words, "make the two files agree")
    if len(config.hosts) > sum(room.values()):
        words = (
            f"there are {len(config.hosts)}, and install-config.yaml counts {sum(room.values())}"
        )
        yield _host("hosts", words, "make the two files agree")


def _rendezvous(config: AgentConfig, beside: InstallConfig) -> Iterator[Diagnostic]:
    where, written = "rendezvousIP", config.rendezvous_ip
    addresses = {address: host for host in config.hosts for address in _addresses(host)}
    if written is None:
        if not addresses:
            words = "is not said, and no host's networkConfig has an address"
            yield _meeting(where, words, "name the address of a control plane")
        return
    address = _address(written)
    if address is None:
        yield _meeting(where, f"{written!r} is no address", "such as 10.7.0.11")
        return
    machines = (beside.networking or Networking()).in_full().machine_network
    networks = [network for one in machines if (network := read_network(one.cidr)) is not None]
    if not any(address in network for network in networks):
        words = f"{address} is outside of networking.machineNetwork"
        yield _meeting(where, words, f"choose one in {', '.join(map(str, networks))}")
    if (host := addresses.get(address)) and host.role == "worker":
        words = f"{address} is that of {host.hostname or 'a worker'}, a worker"
        yield _meeting(where, words, "name the address of a control plane")


def _addresses(host: AgentHost) -> Iterator[IPv4Address | IPv6Address]:
    """The fixed ones in a host's NMState, which may be of any form."""
    for interface in _list(host.network_config, "interfaces"):
        for family in ("ipv4", "ipv6"):
            for one in _list(_get(interface, family), "address"):
                if (address := _address(_get(one, "ip"))) is not None:
                    yield address


def _get(value: JsonValue, key: str) -> JsonValue:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: JsonValue, key: str) -> list[JsonValue]:
    found = _get(value, key)
    return found if isinstance(found, list) else []


def _address(written: object) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _elsewhere(config: AgentConfig) -> Iterator[Diagnostic]:
    url = config.boot_artifacts_base_url
    if url is not None and not _is_http(url):
        words = f"{url!r} is no http URL"
        yield _host("bootArtifactsBaseURL", words, "such as http://10.7.0.1/okd")
    for at, source in enumerate(config.additional_ntp_sources):
        if _address(source) is None and not is_dns_name(source):
            words = f"{source!r} is neither an address nor a name"
            yield _host(
                f"additionalNTPSources[{at}]", words, "such as 10.7.0.1 or ntp.home.example"
            )


def _is_http(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _host(where: str, words: str, help: str) -> Diagnostic:
    return finding(Code.INVALID_AGENT_HOST, where, words, help)


def _meeting(where: str, words: str, help: str) -> Diagnostic:
    return finding(Code.INVALID_RENDEZVOUS, where, words, help)
