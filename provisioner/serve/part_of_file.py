"""The part of a file that a client is sent, and whether sending it would wait for the disk.

After a power cut every machine boots at once and nothing is cached: a disk that reads 50 MB a second would
hold the event loop up for seconds, and with it DHCP. What isn't in memory is read in a thread first.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from provisioner.protocol.http.byte_range import Part

_WINDOW = 1024 * 1024


class PartOfFile:
    """Holds the descriptor until it is closed."""

    def __init__(self, descriptor: int, part: Part) -> None:
        self.descriptor = descriptor
        self.position = part.first
        self._end = part.last + 1
        self._known_until = part.first

    @property
    def left(self) -> int:
        return self._end - self.position

    def at_hand(self) -> int:
        """How many bytes from its position can be sent without waiting; 0 if they have to be read
        first."""
        if self.position == self._known_until:
            window = min(_WINDOW, self.left)
            ends = self.position, self.position + window - 1
            if not all(_is_cached(self.descriptor, each) for each in ends):
                return 0
            self._known_until += window
        return self._known_until - self.position

    def reading(self) -> Callable[[bool], None]:
        """To be called in a thread, with False to let go without reading; `at_hand` is more than 0 then,
        come what may. It keeps a descriptor of its own, because this one may be closed meanwhile."""
        descriptor, position = os.dup(self.descriptor), self.position
        window = min(_WINDOW, self.left)
        self._known_until = position + window

        def read(wanted: bool) -> None:
            if wanted:
                with contextlib.suppress(OSError):  # who sends it is told the same
                    os.pread(descriptor, window, position)
            os.close(descriptor)

        return read

    def close(self) -> None:
        os.close(self.descriptor)


def _is_cached(descriptor: int, position: int) -> bool:
    """True where the file system can't tell."""
    try:
        os.preadv(descriptor, [bytearray(1)], position, os.RWF_NOWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
