from __future__ import annotations

import pytest

from provisioner.serve.http_message import Reply, text

pytestmark = pytest.mark.unit


def test_words_are_one_line_of_text() -> None:
    assert text(404, "not here") == Reply(404, b"not here\n")
