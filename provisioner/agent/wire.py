"""Messages as JSON and back, with the standard library alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import cast

from provisioner.agent.errors import DaemonUnreachable
from provisioner.agent.messages import (
    Begun,
    DiskReport,
    Failed,
    HardwareReport,
    Install,
    Order,
    Progress,
    Reboot,
    Wait,
    Written,
)

Said = HardwareReport | Progress | Begun | Written | Failed

Fields = Mapping[str, object]


def encode(message: Said) -> bytes:
    """The body of a request to the daemon."""
    return json.dumps(asdict(message), separators=(",", ":")).encode()


def decode_order(body: bytes) -> Order:
    """An order as the daemon sends it. Unknown fields are ignored, so that a newer daemon may say more.
    Errors quote nothing of it: it holds tokens, and errors are shown to everybody.

    Raises:
        DaemonUnreachable: it is not an order.
    """
    try:
        fields = _object(json.loads(body))
        return _READERS[_text(fields, "kind")](fields)
    except (ValueError, KeyError, TypeError) as error:
        raise DaemonUnreachable(f"not an order: {error!r}") from error


def decode_server_time(body: bytes) -> float | None:
    """`server_time` of an answer, epoch seconds, if it has one."""
    try:
        value = _object(json.loads(body)).get("server_time")
    except (ValueError, TypeError):
        return None
    return float(value) if isinstance(value, int | float) else None


def _wait(fields: Fields) -> Wait:
    return Wait(_text(fields, "reason"), _number(fields, "retry_after"))


def _reboot(fields: Fields) -> Reboot:
    return Reboot(_text(fields, "reason"))


def _install(fields: Fields) -> Install:
    return Install(
        order=_text(fields, "order"),
        disk=_disk(_object(fields["disk"])),
        must_be_blank=_truth(fields, "must_be_blank"),
        image_url=_text(fields, "image_url"),
        image_sha256=_text(fields, "image_sha256"),
        image_size=int(_number(fields, "image_size")),
        ignition_url=_text(fields, "ignition_url"),
        ignition_sha256=_text(fields, "ignition_sha256"),
        report_url=_text(fields, "report_url"),
        report_token=_text(fields, "report_token"),
        arguments=_text(fields, "arguments") if "arguments" in fields else "",
    )


def _disk(fields: Fields) -> DiskReport:
    return DiskReport(
        name=_text(fields, "name"),
        size=int(_number(fields, "size")),
        model=_text(fields, "model"),
        serial=_text(fields, "serial"),
        wwn=_text(fields, "wwn"),
        rotational=_truth(fields, "rotational"),
        content=tuple(str(part) for part in _list(fields["content"])),
    )


_READERS: dict[str, Callable[[Fields], Order]] = {
    "wait": _wait,
    "install": _install,
    "reboot": _reboot,
}


def _object(value: object) -> Fields:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, not {type(value).__name__}")
    return cast("Fields", value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, not {type(value).__name__}")
    return cast("list[object]", value)


def _text(fields: Fields, key: str) -> str:
    value = fields[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is not a text but {type(value).__name__}")
    return value


def _number(fields: Fields, key: str) -> float:
    value = fields[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} is not a number but {type(value).__name__}")
    return value


def _truth(fields: Fields, key: str) -> bool:
    value = fields[key]
    if not isinstance(value, bool):
        raise TypeError(f"{key} is neither true nor false but {type(value).__name__}")
    return value
