from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.unit_file import command, hidden, plain, quoted, shown

pytestmark = pytest.mark.unit

ODD = '/srv/50% of $x "a" b:c'


def test_a_path_is_never_read_as_a_specifier_a_variable_or_two_words() -> None:
    assert command("run", Path(ODD)) == '"run" "/srv/50%% of $$x \\"a\\" b:c"'


def test_only_command_lines_know_variables() -> None:
    assert quoted(ODD) == '"/srv/50%% of $x \\"a\\" b:c"'
    assert plain(ODD) == '/srv/50%% of $x "a" b:c'


def test_a_colon_is_no_destination() -> None:
    assert shown(Path("/a"), Path("/b:c")) == '"/a" "/b:c"'
    assert hidden(Path("/b:c")) == '"/b\\\\:c:ro,mode=0755"'
