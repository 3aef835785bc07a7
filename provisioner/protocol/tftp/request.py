"""What a client asks for, judged before any file is opened."""

from __future__ import annotations

from provisioner.protocol.tftp.packet import Error, ErrorCode, Packet, ReadRequest, WriteRequest

_MODES = frozenset({"octet", "netascii"})


def refusal(packet: Packet) -> Error | None:
    """Why the first packet of a client can't start a read; None for one that can."""
    if isinstance(packet, WriteRequest):
        return Error(ErrorCode.ACCESS_VIOLATION, "this server is read-only")
    if not isinstance(packet, ReadRequest):
        return Error(ErrorCode.ILLEGAL_OPERATION, "no transfer is under way")
    if packet.mode not in _MODES:
        return Error(ErrorCode.ILLEGAL_OPERATION, "modes are octet and netascii")
    return None


def safe_path(filename: str) -> str | None:
    """The name as a relative path with `/` between its parts; None if it leads anywhere else.

    Firmware asks with and without a leading slash, and with backslashes.
    """
    if not filename.isprintable():
        return None
    parts = [part for part in filename.replace("\\", "/").split("/") if part not in ("", ".")]
    return "/".join(parts) if parts and ".." not in parts else None


def to_netascii(content: bytes) -> bytes:
    """Lines end in CR LF, a bare CR is CR NUL (RFC 1350, 1; RFC 764)."""
    return content.replace(b"\r", b"\r\0").replace(b"\n", b"\r\n")
