"""A client in a process of its own, whose clock may be wrong, or that may be killed: prints what its
update came to, by the server at a port."""

from __future__ import annotations

import asyncio
import sys

from inventory.errors import HarmonyError
from tests.harmony.infra.dynamic_dns.asking import dynamic_dns, wish

WISH = wish("lone", ("lone", "10.7.0.90"), ("api.lone", "10.7.0.91"), ("*.lone", "10.7.0.92"))


async def main(port: int) -> str:
    try:
        change = await dynamic_dns(port=port).ensure_dns_records(WISH)
    except HarmonyError as error:
        return f"{type(error).__name__}: {error}"
    return change.what


if __name__ == "__main__":
    print(asyncio.run(main(int(sys.argv[1]))))
