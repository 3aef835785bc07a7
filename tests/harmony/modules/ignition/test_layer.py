from __future__ import annotations

import pytest
from pydantic import JsonValue

from harmony.modules.ignition import model
from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.layer import Layer
from tests.harmony.modules.ignition.configs import layer

pytestmark = pytest.mark.unit


def test_what_we_write_is_a_layer_like_any_other() -> None:
    hostname = model.File(path="/etc/hostname", contents=inline("w1"))
    written = model.Config(storage=model.Storage(files=(hostname,)))
    contents: JsonValue = {"source": "data:,w1"}
    file: JsonValue = {
        "path": "/etc/hostname",
        "mode": 420,
        "overwrite": True,
        "contents": contents,
    }
    assert Layer.written("Hostname", written).config.storage == (
        layer("Hostname", storage={"files": [file]}).config.storage
    )
