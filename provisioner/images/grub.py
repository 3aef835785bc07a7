"""The node's bootloader: GRUB for BIOS and UEFI, one configuration for both. Pure: text and bytes.

`grub-install` wants a mounted disk and looks for the build host's own; what it would write is patched here.
"""

from __future__ import annotations

MODULES = [
    "part_gpt",
    "fat",
    "normal",
    "linux",
    "test",
    "echo",
    "configfile",
    "serial",
    "terminal",
    "minicmd",
    "sleep",
]

CONFIGURATION = """\
serial --unit=0 --speed=115200
terminal_output console serial
set ign=""
if [ -f /ignition.firstboot ]; then
    set ignition_args=""
    source /ignition.firstboot
    set ign="ignition.firstboot ignition.platform.id=metal $ignition_args"
fi
set node_args=""
if [ -f /node-args.cfg ]; then source /node-args.cfg; fi
set always="root=LABEL=root ro console=tty0 console=ttyS0,115200 loglevel=4 systemd.show_status=1"
set always="$always rd.shell=0 rd.emergency=reboot panic=10"
linux /vmlinuz $always $node_args $ign
initrd /initrd.img
boot
"""

BOOT_IMAGE_CODE = 440  # bytes of the first sector before the disk signature and the partition table
KERNEL_SECTOR_AT = 0x5C  # in boot.img: which sector holds the core image
DRIVE_CHECK_AT = 0x66  # in boot.img: a jump that is right for floppies only
BLOCK_LIST_AT = 0x1F4  # in core.img's first sector: where its second one lies


def bios_command(modules: str, output: str) -> list[str]:
    """Makes core.img, which finds its configuration on the second partition of its own disk.

    `modules` is the folder that holds GRUB's modules, one folder in it per platform.
    """
    prefix = ("-d", f"{modules}/i386-pc", "-p", "(,gpt2)/grub")
    return ["grub-mkimage", "-O", "i386-pc", *prefix, "-o", output, "biosdisk", *MODULES]


def uefi_command(modules: str, output: str) -> list[str]:
    """Makes BOOTX64.EFI, which finds its configuration where it was loaded from."""
    prefix = ("-d", f"{modules}/x86_64-efi", "-p", "/grub")
    return ["grub-mkimage", "-O", "x86_64-efi", *prefix, "-o", output, *MODULES]


def first_sector(boot_image: bytes, core_sector: int) -> bytes:
    """The code of the disk's first sector: GRUB's boot.img, told where the core image is.

    The jump at 0x66 becomes two NOPs, as grub-bios-setup makes it for hard disks.
    """
    code = bytearray(boot_image)
    code[KERNEL_SECTOR_AT : KERNEL_SECTOR_AT + 8] = core_sector.to_bytes(8, "little")
    code[DRIVE_CHECK_AT : DRIVE_CHECK_AT + 2] = b"\x90\x90"
    return bytes(code[:BOOT_IMAGE_CODE])


def placed_core(core_image: bytes, sector: int) -> bytes:
    """The core image told that it lies at `sector`; the length in its block list is right already."""
    core = bytearray(core_image)
    core[BLOCK_LIST_AT : BLOCK_LIST_AT + 8] = (sector + 1).to_bytes(8, "little")
    return bytes(core)
