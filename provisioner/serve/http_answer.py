"""An answer on its way: bytes, and maybe a part of a file behind them."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from provisioner.protocol.http.conditions import Validators
from provisioner.protocol.http.delivery import delivery
from provisioner.protocol.http.head import RequestHead
from provisioner.protocol.http.response import response_head
from provisioner.serve.http_message import Answer, FileReply, Reply, text
from provisioner.serve.part_of_file import PartOfFile


@dataclass(frozen=True, slots=True)
class Outgoing:
    content: bytes
    file: PartOfFile | None = None


def outgoing(answer: Answer, head: RequestHead, now: float, date: str) -> Outgoing:
    """The answer to the request with this head; `date` is `now` as HTTP writes it."""
    if isinstance(answer, Reply):
        return _of_reply(answer, head, date)
    try:
        descriptor, status = _opened(answer)
    except OSError:
        return _of_reply(text(503, "this file isn't there now"), head, date)
    try:
        return _of_file(answer, descriptor, status, head, now, date)
    except BaseException:
        os.close(descriptor)
        raise


def _of_reply(reply: Reply, head: RequestHead, date: str) -> Outgoing:
    fields = (
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        ("Cache-Control", "no-store"),
        *reply.headers,
    )
    first = response_head(
        reply.status, date, fields, keeps_alive=head.keeps_alive, modern=head.modern
    )
    return Outgoing(first if head.method == "HEAD" else first + reply.body)


def _opened(answer: FileReply) -> tuple[int, os.stat_result]:
    """Not blocking, should it be a FIFO. Raises OSError for that too."""
    descriptor = os.open(answer.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise IsADirectoryError(answer.path)
    return descriptor, status


def _of_file(
    answer: FileReply,
    descriptor: int,
    status: os.stat_result,
    head: RequestHead,
    now: float,
    date: str,
) -> Outgoing:
    tag = answer.tag or f"{status.st_mtime_ns:x}-{status.st_size:x}"
    current = Validators(tag, int(status.st_mtime))
    decided = delivery(head.method, head.fields, status.st_size, current, answer.content_type, now)
    first = response_head(
        decided.status, date, decided.fields, keeps_alive=head.keeps_alive, modern=head.modern
    )
    if decided.part is None or decided.part.length == 0 or head.method == "HEAD":
        os.close(descriptor)
        return Outgoing(first)
    return Outgoing(first, PartOfFile(descriptor, decided.part))
