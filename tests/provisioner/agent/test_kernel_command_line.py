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


def test_a_firmware_that_does_not_say_its_card() -> None:
    assert parse("harmony.url=http://h:80 harmony.token=a BOOTIF=").boot_mac == ""


@pytest.mark.parametrize("line", ["", "harmony.url=http://h", "harmony.token=a harmony.url="])
def test_url_and_token_are_needed(line: str) -> None:
    with pytest.raises(MissingArgument):
        parse(line)
