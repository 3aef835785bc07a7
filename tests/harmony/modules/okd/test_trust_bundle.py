from __future__ import annotations

import pytest

from harmony.modules.okd.trust_bundle import check_trust_bundle
from tests.harmony.modules.okd.examples import CERTIFICATE

pytestmark = pytest.mark.unit


def test_certificates_one_after_the_other() -> None:
    assert list(check_trust_bundle(CERTIFICATE + "\n" + CERTIFICATE)) == []


@pytest.mark.parametrize(
    ("bundle", "words"),
    [
        ("", "there is no certificate in it"),
        (CERTIFICATE.replace("MIIB", "MII!"), "there is no certificate in it"),
        (CERTIFICATE.replace("MIIB", "MII"), "there is no certificate in it"),
        (CERTIFICATE + "# home", "there is more in it than certificates"),
        (
            CERTIFICATE.replace("CERTIFICATE", "CERTIFICATE REQUEST"),
            "a CERTIFICATE REQUEST is in it",
        ),
        (CERTIFICATE + CERTIFICATE.replace("CERTIFICATE", "PRIVATE KEY"), "a private key is in it"),
    ],
)
def test_what_is_no_bundle(bundle: str, words: str) -> None:
    (found,) = check_trust_bundle(bundle)
    assert (found.code, found.message) == ("HP0231", f"additionalTrustBundle: {words}")
