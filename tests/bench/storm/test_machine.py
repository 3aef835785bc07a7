"""What iPXE makes of a URL and a script."""

from __future__ import annotations

import pytest

from bench.storm.machine import expanded, kernel_in

pytestmark = pytest.mark.unit


def test_what_it_knows_is_filled_in() -> None:
    url = "http://10.16.0.1/boot.ipxe?uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
    assert expanded(url, 5) == (
        "http://10.16.0.1/boot.ipxe"
        "?uuid=00000000-0000-0000-0000-0a0000000005&serial=S5&platform=pcbios"
    )


@pytest.mark.parametrize(
    "script, url",
    [
        ("#!ipxe\necho\nkernel http://a/k initrd=i || goto again\nboot\n", "http://a/k"),
        ("#!ipxe\nkernel\nexit\n", None),
        ("", None),
    ],
)
def test_its_kernel_is_found(script: str, url: str | None) -> None:
    assert kernel_in(script) == url
