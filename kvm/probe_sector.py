"""A boot sector that goes from real mode to 64-bit code and then says so; pure bytes.

The way there is the point: nested KVM without the processor's help runs real mode well and stops
for ever at the first step with paging (seen with a KVM without EPT/NPT below it).
"""

from __future__ import annotations

SAID = 0x2A
"""What the guest writes to the exit port when it got through."""

EXIT_PORT = 0xF4
"""Where QEMU's `isa-debug-exit` is plugged in; a value V written there ends QEMU with 2 V + 1."""

SAID_STATUS = (SAID << 1) | 1
"""QEMU's exit status after the guest has spoken; nothing else ends it with this one."""

SECTOR = 512
DISK_BYTES = 1 << 20
"""SeaBIOS does not boot from an AHCI disk of a single sector."""

_INSTRUCTIONS = (
    # 16 bit, loaded at 0000:7c00
    "fa",  # cli
    "31c0 8ed8 8ec0",  # ds = es = 0
    "bf0010 b90018 f3ab",  # clear 1000..3fff: three page tables
    "c70600100320",  # [1000] = 2003: level 4 -> 2000
    "c70600200330",  # [2000] = 3003: level 3 -> 3000
    "c70600308300",  # [3000] = 0083: level 2: the first 2 MiB as one page
    "66b800100000 0f22d8",  # cr3 = 1000
    "66b820020000 0f22e0",  # cr4 = PAE | OSFXSR
    "66b9800000c0 0f32 0d0001 0f30",  # EFER |= LME
    "66b811000080 0f22c0",  # cr0 = PG | ET | PE
    "0f0116987c",  # lgdt [7c98]
    "ea537c0800",  # jmp 08:7c53
    # 64 bit, at 7c53
    "b810000000 8ed8 8ed0",  # ds = ss = 10
    "b801000000 0fa2",  # cpuid(1)
    "48c7c02a000000",  # rax = SAID
    "66480f6ec0 66480f7ec1 88c8",  # through an SSE register into al
    "e6f4",  # out EXIT_PORT, al
    "f4",  # hlt
    "0f1f8000000000",  # to an address that 8 divides
    # at 7c80: null, code (64 bit), data
    "0000000000000000 00000000009a2000 0000000000920000",
    # at 7c98: limit and address of the above
    "1700 807c0000",
)


def probe_disk() -> bytes:
    """A whole disk that boots into the probe."""
    code = bytes.fromhex("".join(_INSTRUCTIONS))
    return (code.ljust(SECTOR - 2, b"\0") + b"\x55\xaa").ljust(DISK_BYTES, b"\0")
