from __future__ import annotations

import pytest
from pydantic import ValidationError

from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.model import Config, DropIn, File, Resource, Unit, Verification

pytestmark = pytest.mark.unit

WRONG = {
    "relative path": lambda: File(path="etc/hosts", contents=inline("")),
    "path with dots": lambda: File(path="/etc/../hosts", contents=inline("")),
    "path with slash at the end": lambda: File(path="/etc/", contents=inline("")),
    "setuid": lambda: File(path="/bin/su", contents=inline(""), mode=0o4755),
    "short hash": lambda: Verification(hash="sha256-00"),
    "unknown scheme": lambda: Resource(source="ftp://10.7.0.1/file"),
    "unit without a suffix": lambda: Unit(name="kubelet"),
    "drop-in without .conf": lambda: DropIn(name="patience", contents=""),
    "unknown key": lambda: Config.model_validate({"storage": {"file": []}}),
    "a version other than ours": lambda: Config.model_validate({"ignition": {"version": "3.4.0"}}),
    "a file that isn't overwritten": lambda: File.model_validate(
        {"path": "/a", "contents": {"source": "data:,"}, "overwrite": False}
    ),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG)
def test_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValidationError):
        make()


def test_every_file_is_overwritten() -> None:
    assert File(path="/a", contents=inline("")).overwrite is True
