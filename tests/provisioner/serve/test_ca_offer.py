from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from provisioner.serve.ca_offer import CaOffer
from provisioner.serve.http_message import Answer, Reply, Request, text
from provisioner.serve.site_ca import SiteCa

pytestmark = pytest.mark.unit


def others(request: Request) -> Answer:
    return text(404, request.path)


def ask(offer: CaOffer, method: str, path: str) -> object:
    here = IPv4Address("10.7.0.1")
    return offer.answer(Request(method, path, {}, {}, b"", here, here))


def test_it_is_given_to_everybody_and_the_rest_is_the_others_affair(tmp_path: Path) -> None:
    ca = SiteCa(tmp_path, 1_800_000_000.0)
    offer = CaOffer(ca, others)
    given = Reply(200, ca.certificate.encode(), "application/x-x509-ca-cert")
    assert [ask(offer, method, "/ca.crt") for method in ("GET", "HEAD")] == [given, given]
    assert ask(offer, "POST", "/ca.crt") == text(404, "/ca.crt")
    assert ask(offer, "GET", "/ca.crt/") == text(404, "/ca.crt/")
    assert "PRIVATE" not in ca.certificate
