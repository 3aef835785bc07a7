"""Who sends this DHCP message: which stage of a boot, on which firmware. Stated in values, guessed nowhere else."""

from __future__ import annotations

from enum import StrEnum


class ClientKind(StrEnum):
    """The stage of a machine's boot that speaks."""

    PXE = "pxe"
    HTTP_BOOT = "http-boot"
    IPXE = "ipxe"
    RAMDISK = "ramdisk"
    PLAIN = "plain"
