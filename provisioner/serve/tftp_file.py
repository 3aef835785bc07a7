"""Files that TFTP transfers are sent from. They are read in pieces, and cut into packets, that all
transfers of one file share: a rack that boots reads and cuts it once. Nothing is mapped into memory: a
file that somebody cuts short under a mapping kills who reads it."""

from __future__ import annotations

import errno
import os

from provisioner.protocol.tftp.blocks import Blocks, blocks_of, shared_blocks

_PIECE = 65_536
_MOST_PIECES = 128
"""Of one file: 8 MB, more than any boot program has."""
_MOST_BLOCK_SIZES = 4
"""Of one file whose packets are shared: machines of one kind agree on one."""

Identity = tuple[int, int, int, int]


class File:
    """An open file of the size it had when it was opened."""

    def __init__(self, descriptor: int, size: int, identity: Identity) -> None:
        self.identity = identity
        self.users = 0
        self._descriptor = descriptor
        self._size = size
        self._pieces: dict[int, bytes] = {}
        self._blocks: dict[int, Blocks] = {}

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice, /) -> bytes:
        """The bytes from start to stop, both within the file. OSError when it can't be read or has
        become shorter."""
        start: int = part.start
        stop: int = part.stop
        index, begin = start // _PIECE, start % _PIECE
        piece = self._pieces.get(index)
        if piece is None:
            piece = self._read(index)
        end = begin + stop - start
        if end <= _PIECE:
            return piece[begin:end]
        return piece[begin:] + self[(index + 1) * _PIECE : stop]

    def blocks(self, block_size: int) -> Blocks:
        """Its DATA packets. Who begins while others are at it shares them with all of that block size;
        to keep what only one asks for would cost and bring nothing."""
        shared = self._blocks.get(block_size)
        if shared is None:
            if self.users < 2 or len(self._blocks) == _MOST_BLOCK_SIZES:
                return blocks_of(self, block_size)
            shared = self._blocks[block_size] = shared_blocks(self, block_size)
        return shared

    def close(self) -> None:
        self._blocks.clear()  # they hold this file: nothing else would free it
        os.close(self._descriptor)

    def _read(self, index: int) -> bytes:
        at = index * _PIECE
        expected = min(_PIECE, self._size - at)
        piece = os.pread(self._descriptor, expected, at)
        if len(piece) < expected:
            raise OSError(errno.EIO, "the file has become shorter while it was sent")
        if len(self._pieces) >= _MOST_PIECES:
            del self._pieces[next(iter(self._pieces))]
        self._pieces[index] = piece
        return piece


class Files:
    """The open ones, each once."""

    def __init__(self) -> None:
        self._open: dict[Identity, File] = {}

    def take(self, descriptor: int, size: int) -> File:
        """The file of a descriptor, which is closed here when it isn't needed. Give it back."""
        status = os.fstat(descriptor)
        identity = (status.st_dev, status.st_ino, status.st_ctime_ns, size)
        file = self._open.get(identity)
        if file is None:
            file = self._open[identity] = File(descriptor, size, identity)
        else:
            os.close(descriptor)
        file.users += 1
        return file

    def give_back(self, file: File) -> None:
        """Closed with its last user."""
        file.users -= 1
        if not file.users:
            del self._open[file.identity]
            file.close()
