"""What a machine has that a rehearsal or a test must leave as it was: packages, services, network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

SERVICES = ("/etc/systemd/system", "/etc/init.d", *(f"/etc/rc{level}.d" for level in "0123456S"))


def left_on_machine() -> dict[str, Any]:
    """To be compared as a whole. Of the network what lasts: no life times, no link's state."""
    links = json.loads(_said("ip", "-json", "-4", "address"))
    names = json.loads(_said("ip", "-json", "link"))
    return {
        "packages": _said("dpkg-query", "--show").splitlines(),
        "services": sorted(str(path) for folder in SERVICES for path in Path(folder).rglob("*")),
        "links": sorted(link["ifname"] for link in names),
        "addresses": {
            link["ifname"]: [address["local"] for address in link["addr_info"]]
            for link in links
            if link.get("addr_info")
        },
        "routes": [
            (route["dst"], route.get("gateway"), route["dev"])
            for route in json.loads(_said("ip", "-json", "-4", "route"))
        ],
    }


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
