"""Runs one target in a process of its own: `python -m tests.fuzz.run dhcp_decision -max_total_time=3600`.

Options are libFuzzer's. New inputs are forgotten with the run; one that breaks the target is written as
`crash-…` into the working folder, to be given to the target alone: `python -m tests.fuzz.dhcp_decision FILE`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.datagrams import joined

TESTS = Path(__file__).parents[1]
HOSTILE = TESTS / "fixtures" / "hostile"


@dataclass(frozen=True, slots=True)
class Seeds:
    """Folders of `.hex` files, a datagram each, or several with an empty line between them. In a
    conversation an input is all of a file's."""

    folders: tuple[Path, ...]
    conversation: bool = False

    def inputs(self) -> Iterator[bytes]:
        for file in sorted(file for folder in self.folders for file in folder.glob("*.hex")):
            datagrams = datagrams_in(file)
            if self.conversation:
                yield joined(datagrams)
            else:
                yield from datagrams


def datagrams_in(file: Path) -> list[bytes]:
    return [bytes.fromhex(part) for part in file.read_text().split("\n\n")]


DHCP = Seeds((HOSTILE / "dhcp", TESTS / "provisioner/protocol/dhcp/packets"))
TARGETS: Mapping[str, Seeds] = {
    "agent_report": Seeds((HOSTILE / "report",)),
    "dhcp_decision": DHCP,
    "dhcp_proxy": DHCP,
    "dns_answer": Seeds((HOSTILE / "dns",)),
    "dns_upstream": Seeds((HOSTILE / "upstream",)),
    "http_request": Seeds((HOSTILE / "http",), conversation=True),
    "raw_frame": Seeds((HOSTILE / "frame",)),
    "tftp_transfer": Seeds((HOSTILE / "tftp",), conversation=True),
}


def fuzz(target: str, *options: str) -> subprocess.CompletedProcess[str]:
    """To its end; an exit code other than 0 says that an input broke it."""
    with tempfile.TemporaryDirectory() as folder:
        found, seeds = Path(folder, "found"), Path(folder, "seeds")
        found.mkdir()
        seeds.mkdir()
        for number, data in enumerate(TARGETS[target].inputs()):
            (seeds / f"{number:04}").write_bytes(data)
        return subprocess.run(
            (sys.executable, "-m", f"tests.fuzz.{target}", *options, str(found), str(seeds)),
            cwd=TESTS.parent,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


if __name__ == "__main__":
    done = fuzz(sys.argv[1], *sys.argv[2:])
    sys.stdout.write(done.stdout)
    sys.exit(done.returncode)
