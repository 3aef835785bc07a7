"""What a TFTP client gets, as an open file, whatever it is made of."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from provisioner.protocol.tftp.request import to_netascii

_LARGEST_TEXT = 1 << 22
"""Bytes. In netascii a file must be read and rewritten before its size is known, and nobody has texts
of that size."""
_NONE_THERE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}
)


def opened(source: bytes | Path, mode: str) -> tuple[int, int] | None:
    """A descriptor and the size; None where there is no such file, be it a folder or a device. Raises
    OSError where it can't be read, or not in this mode."""
    if isinstance(source, bytes):
        return _in_memory(to_netascii(source) if mode == "netascii" else source)
    try:
        file = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in _NONE_THERE:
            return None
        raise
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            os.close(file)
            return None
        return _as_text(file, status.st_size) if mode == "netascii" else (file, status.st_size)
    except OSError:
        os.close(file)
        raise


def _as_text(file: int, size: int) -> tuple[int, int]:
    if size > _LARGEST_TEXT:
        raise OSError(errno.EFBIG, "the file is too large for netascii: octet is for it")
    with os.fdopen(os.dup(file), "rb") as whole:
        text = _in_memory(to_netascii(whole.read(_LARGEST_TEXT)))
    os.close(file)
    return text


def _in_memory(content: bytes) -> tuple[int, int]:
    file = os.memfd_create("tftp", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(file), "wb") as writing:
        writing.write(content)
    return file, len(content)
