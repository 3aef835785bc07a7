"""atftp, the one TFTP client in Debian that has a windowsize (RFC 7440)."""

from __future__ import annotations

from ipaddress import IPv4Address


def command(server: IPv4Address, file: str, into: str, block: int, window: int) -> tuple[str, ...]:
    """It ends with 0 when it has all of it."""
    options = ("--option", f"blksize {block}", "--option", f"windowsize {window}")
    return ("atftp", *options, "--get", "--remote-file", file, "--local-file", into, str(server))
