"""Wake-on-LAN: the packet's bytes, who is woken when, and that it is heard on the wire."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change
from harmony.infra.errors import PowerRefusedError, ServiceUnreachableError
from harmony.infra.wake_on_lan import REPEAT_SECONDS, WakeOnLanPower, magic_packet
from inventory.host import Host, Nic, WakeOnLan
from inventory.machine_state import MachineState
from tests.harmony.infra.seen_machines import SeenMachines
from tests.namespaces import segment

W1 = Host("w1", [Nic("52:54:00:07:00:12")], bmc=WakeOnLan())
W2 = Host("w2", [Nic("52:54:00:07:00:13")], bmc=WakeOnLan())
W3 = Host("w3", [Nic("52:54:00:07:00:14")], bmc=WakeOnLan())
LISTEN = """\
import socket
heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
heard.bind(("", 9))
print("listening", flush=True)
for _ in range(3):
    print(heard.recv(2000).hex(), flush=True)
"""


@pytest.mark.unit
def test_the_packet() -> None:
    assert magic_packet("52:54:00:07:00:12").hex() == "ff" * 6 + "525400070012" * 16
    assert magic_packet("52-54-00-07-00-12") == magic_packet("52:54:00:07:00:12")
    with pytest.raises(ValueError):
        magic_packet("52:54:00:07:00")


@pytest.mark.unit
def test_what_it_can_not() -> None:
    power = WakeOnLanPower(lambda host: IPv4Address("127.0.0.1"), SeenMachines(), 8)
    with pytest.raises(PowerRefusedError, match="which can't switch off"):
        asyncio.run(power.ensure_power(PowerSpec(W1, PowerState.OFF)))
    with pytest.raises(PowerRefusedError, match="w3 declares no NIC"):
        asyncio.run(power.ensure_power(PowerSpec(Host("w3"), PowerState.ON)))
    nowhere = WakeOnLanPower(lambda host: IPv4Address("192.0.2.1"), SeenMachines(), 8)
    with pytest.raises(ServiceUnreachableError, match="the magic packet for w1 can't be sent: "):
        asyncio.run(nowhere.ensure_power(PowerSpec(W1, PowerState.ON)))


@pytest.mark.protocol
def test_machines_are_woken_in_turn_until_they_are_heard() -> None:
    with segment() as wire:
        jump_host = wire.station("lan0", "10.7.0.1/24")
        machine = wire.station("eth0", "10.7.0.12/24")
        listening = machine.start("python3", "-c", LISTEN)
        assert listening.stdout is not None
        assert listening.stdout.readline() == "listening\n"
        jump_host.call(lambda: asyncio.run(_wake()))
        heard = [listening.stdout.readline().strip() for _ in range(3)]
    assert heard == [magic_packet(host.nics[0].mac).hex() for host in (W1, W2, W3)]


async def _wake() -> None:
    machines = SeenMachines()
    now = asyncio.get_running_loop().time
    pause = 0.2
    power = WakeOnLanPower(lambda host: IPv4Address("10.7.0.1"), machines, pause)

    async def wake(host: Host) -> Change:
        return await power.ensure_power(PowerSpec(host, PowerState.ON))

    async def see(host: Host) -> PowerCondition:
        return await power.observe_power(PowerQuery(host))

    unknown = PowerState.UNKNOWN
    began = now()
    assert await wake(W1) == Change(True, "magic packet sent to w1")
    assert await see(W1) == PowerCondition("w1", unknown, "w1 to wake up (magic packet sent)")
    assert await see(W2) == PowerCondition("w2", unknown, "w2 to wake up (its turn comes)")
    while not (await wake(W2)).changed:
        assert now() - began < REPEAT_SECONDS
        await asyncio.sleep(0.01)
    assert now() - began >= pause
    assert await wake(W1) == Change(False, "w1 woken")  # not again before half a minute
    machines.states["w1"] = MachineState.DISCOVERED
    assert await see(W1) == PowerCondition("w1", PowerState.ON)
    machines.states["w3"] = MachineState.ASSIGNED
    await asyncio.sleep(pause)
    assert await wake(W3) == Change(False, "w3 woken")
    machines.silent.add("w3")  # somebody has switched it off
    assert await wake(W3) == Change(True, "magic packet sent to w3")
    assert await see(W3) == PowerCondition("w3", unknown, "w3 to wake up (magic packet sent)")
