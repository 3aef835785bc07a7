from __future__ import annotations

import pytest
from pydantic import JsonValue

from tests.harmony.modules.ignition.configs import Case, document, wrong

pytestmark = pytest.mark.unit

_KINDS = (
    "does not end in one of .service, .socket, .device, .mount, .automount, .swap, .target, .path,"
    " .timer, .snapshot, .slice, .scope"
)
_LINE = "has a line that is neither a section, an option nor a comment"


def units(*said: JsonValue) -> str:
    return document(systemd={"units": list(said)})


CASES = {
    "unit": Case(units({"name": "a@b.service", "contents": "[Service]\nType=oneshot\n"})),
    "masked": Case(units({"name": "a.mount", "mask": True, "enabled": False})),
    "kind": Case(units({"name": "a.unit"}), (f"systemd.units[0].name: {_KINDS}",)),
    "no kind": Case(units({"name": "service"}), (f"systemd.units[0].name: {_KINDS}",)),
    "kind of a folder": Case(units({"name": "a.d/service"}), (f"systemd.units[0].name: {_KINDS}",)),
    "text": Case(
        units({"name": "a.service", "contents": "[Unit]\noops\n"}),
        (f"systemd.units[0].contents: {_LINE}",),
    ),
    "drop-in": Case(
        units({"name": "a.service", "dropins": [{"name": "b", "contents": "[Unit]\noops\n"}]}),
        (
            "systemd.units[0].dropins[0].name: does not end in .conf",
            f"systemd.units[0].dropins[0].contents: {_LINE}",
        ),
    ),
    "two drop-ins": Case(
        units({"name": "a.service", "dropins": [{"name": "b.conf"}, {"name": "c.conf"}]})
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_units_and_drop_ins(case: Case) -> None:
    assert wrong(case.document) == case.wrong
