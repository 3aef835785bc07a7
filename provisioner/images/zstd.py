"""libzstd through ctypes: dpkg needs it, so every Debian has it. The zstd program is not everywhere."""

from __future__ import annotations

import ctypes
from functools import cache

from inventory.errors import ProvisionerBug

LIBRARY = "libzstd.so.1"
# Of zstd.h, which promises never to change them.
LEVEL, CHECKSUM, WORKERS = 100, 201, 400


def compressed(content: bytes, level: int, *, checksum: bool = False, threads: int = 0) -> bytes:
    """One frame, as `zstd -LEVEL -TTHREADS` makes it; 0 threads is the caller's own."""
    library = _library()
    context = library.ZSTD_createCCtx()
    try:
        for parameter, value in ((LEVEL, level), (CHECKSUM, int(checksum)), (WORKERS, threads)):
            _checked(library.ZSTD_CCtx_setParameter(context, parameter, value))
        room = library.ZSTD_compressBound(len(content))
        target = ctypes.create_string_buffer(room)
        written = library.ZSTD_compress2(context, target, room, content, len(content))
        length = _checked(written)
    finally:
        library.ZSTD_freeCCtx(context)
    return ctypes.string_at(target, length)


def _checked(code: int) -> int:
    """`code` itself, unless it is an error's."""
    if _library().ZSTD_isError(code):
        raise ProvisionerBug(f"libzstd: {_library().ZSTD_getErrorName(code).decode()}")
    return code


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(LIBRARY)
    pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    for name, result, *arguments in (
        ("ZSTD_createCCtx", pointer),
        ("ZSTD_freeCCtx", size, pointer),
        ("ZSTD_CCtx_setParameter", size, pointer, number, number),
        ("ZSTD_compressBound", size, size),
        ("ZSTD_compress2", size, pointer, pointer, size, ctypes.c_char_p, size),
        ("ZSTD_isError", number, size),
        ("ZSTD_getErrorName", ctypes.c_char_p, size),
    ):
        function = getattr(library, name)  # what library[name] gives isn't kept
        function.restype, function.argtypes = result, arguments
    return library
