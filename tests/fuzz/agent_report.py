"""Any body of any message of the agent on a machine: an answer below 500, and what is kept can be read
again. The first byte picks the message."""

from __future__ import annotations

import asyncio
import sys

import atheris

with atheris.instrument_imports(include=["provisioner"]):
    from pydantic import TypeAdapter

    from provisioner.agent.messages import HardwareReport
    from provisioner.ports import SaveMachine
    from provisioner.protocol.boot.machine import Machine
    from provisioner.serve.http_message import Reply
    from provisioner.serve.known_machines import KnownMachines
    from tests.provisioner.serve.world import World

PATHS = ("report", "progress", "begun", "written", "failed")
REPORT = TypeAdapter(HardwareReport)


class Spoken:
    """A world with one machine that has reported; it is as new for every input."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = self.loop.run_until_complete(World().open())
        self.machine: Machine = self.loop.run_until_complete(self.world.reported())

    def say(self, path: str, body: bytes) -> Reply:
        self.world.store.committed.clear()
        self.world.memory.machines = KnownMachines([self.machine])
        asked = self.world.ask("POST", path, token=self.machine.token, raw=body)
        answer = self.loop.run_until_complete(asked)
        assert isinstance(answer, Reply)
        return answer


SPOKEN = Spoken()


def one_input(data: bytes) -> None:
    if not data:
        return
    answer = SPOKEN.say(f"/agent/{PATHS[data[0] % len(PATHS)]}", data[1:])
    assert answer.status < 500
    for change in SPOKEN.world.store.committed:
        if isinstance(change, SaveMachine) and change.machine.report is not None:
            report = change.machine.report
            assert REPORT.validate_json(REPORT.dump_json(report)) == report


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
