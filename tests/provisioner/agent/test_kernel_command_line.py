"""What the boot script told the agent."""

from __future__ import annotations

import pytest

from provisioner.agent.kernel_command_line import BootArguments, MissingArgument, parse

pytestmark = pytest.mark.unit


def test_url_token_and_boot_card() -> None:
    line = (
        "initrd=initrd.img harmony.url=http://10.7.0.1/ harmony.token=abc quiet "
        "BOOTIF=01-52-54-00-07-00-1A console=tty0 console=ttyS0,115200"
    )
    assert parse(line) == BootArguments("http://10.7.0.1", "abc", "52:54:00:07:00:1a")


@pytest.mark.parametrize("lacking", range(3))
def test_each_is_needed(lacking: int) -> None:
    words = ["harmony.url=http://h", "harmony.token=a", "BOOTIF=01-52-54-00-07-00-1a"]
    words[lacking] = words[lacking].split("=")[0] + "="
    with pytest.raises(MissingArgument):
        parse(" ".join(words))
