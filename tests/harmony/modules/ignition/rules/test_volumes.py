from __future__ import annotations

import pytest
from pydantic import JsonValue

from tests.harmony.modules.ignition.configs import Case, document, wrong

pytestmark = pytest.mark.unit

_AT = "storage.luks[0]"
_TANG: JsonValue = {"url": "http://tang", "thumbprint": "t"}


def luks(minor: int = 3, **said: JsonValue) -> str:
    return document(minor, storage={"luks": [{"name": "l", "device": "/dev/a", **said}]})


def clevis(**said: JsonValue) -> str:
    return luks(clevis=said)


CASES = {
    "key file": Case(luks(keyFile={"source": "data:,k"}, label="x" * 47, options=["-a", "-a"])),
    "name": Case(luks(name="a/b"), (f"{_AT}.name: has a slash",)),
    "label": Case(luks(label="x" * 48), (f"{_AT}.label: is longer than 47 bytes",)),
    "no device": Case(luks(device=None), (f"{_AT}.device: is empty",)),
    "relative device": Case(luks(device="sda"), (f"{_AT}.device: is not an absolute path",)),
    "clevis": Case(clevis(tpm2=True, tang=[_TANG], threshold=2)),
    "custom": Case(clevis(custom={"pin": "sss", "config": "{}", "needsNetwork": True})),
    "custom that says nothing": Case(clevis(custom={"needsNetwork": False})),
    "custom and tpm2": Case(
        clevis(custom={"pin": "tpm2", "config": "{}"}, tpm2=True),
        (f"{_AT}.clevis.custom: excludes tang, tpm2 and threshold",),
    ),
    "pin": Case(
        clevis(custom={"pin": "yubikey", "config": "{}"}),
        (f"{_AT}.clevis.custom.pin: is not one of tpm2, tang, sss",),
    ),
    "no pin and no config": Case(
        clevis(custom={"needsNetwork": True}),
        (
            f"{_AT}.clevis.custom.pin: is not one of tpm2, tang, sss",
            f"{_AT}.clevis.custom.config: is required",
        ),
    ),
    "tang": Case(
        clevis(tang=[{"url": "tang:a", "thumbprint": ""}]),
        (
            f"{_AT}.clevis.tang[0].url: is not an http or https URL",
            f"{_AT}.clevis.tang[0].thumbprint: is required",
        ),
    ),
}
# Of versions that Debian's ignition-validate doesn't know.
NEWER = {
    "advertisement": Case(
        luks(4, clevis={"tang": [{"url": "http://t", "thumbprint": "t", "advertisement": "{}"}]})
    ),
    "advertisement that is no JSON": Case(
        luks(4, clevis={"tang": [{"url": "http://t", "thumbprint": "t", "advertisement": "{"}]}),
        (f"{_AT}.clevis.tang[0].advertisement: is not JSON",),
    ),
    "advertisement without end": Case(
        luks(
            4,
            clevis={"tang": [{"url": "http://t", "thumbprint": "t", "advertisement": "[" * 99999}]},
        ),
        (f"{_AT}.clevis.tang[0].advertisement: is not JSON",),
    ),
    "opened": Case(luks(4, discard=True, openOptions=["--a"])),
    "cex": Case(luks(5, cex={"enabled": True})),
    "cex and clevis": Case(
        luks(5, cex={"enabled": True}, clevis={"tpm2": True}),
        (f"{_AT}.cex: excludes clevis and keyFile",),
    ),
    "cex and key file": Case(
        luks(5, cex={"enabled": True}, keyFile={"source": "data:,k"}),
        (f"{_AT}.cex: excludes clevis and keyFile",),
    ),
}


@pytest.mark.parametrize("case", [*CASES.values(), *NEWER.values()], ids=[*CASES, *NEWER])
def test_encrypted_volumes(case: Case) -> None:
    assert wrong(case.document) == case.wrong
