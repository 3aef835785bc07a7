from __future__ import annotations

from ipaddress import ip_address

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.kubernetes.signing_request import (
    SigningRequest,
    UnreadableRequest,
    read_signing_request,
)
from tests.harmony.modules.kubernetes.cluster_objects import node_csr

pytestmark = pytest.mark.unit

USAGES = frozenset({"client auth"})


def read(document: bytes) -> SigningRequest | UnreadableRequest:
    return read_signing_request("csr-1", "signer", "requester", USAGES, document)


def test_reads_who_asks_and_for_what() -> None:
    names = (x509.DNSName("w1"), x509.IPAddress(ip_address("10.7.0.12")))
    assert read(node_csr("w1", names)) == SigningRequest(
        name="csr-1",
        signer="signer",
        requester="requester",
        usages=USAGES,
        common_name="system:node:w1",
        organizations=("system:nodes",),
        dns_names=("w1",),
        addresses=("10.7.0.12",),
    )


def test_names_of_other_kinds_are_unreadable() -> None:
    found = read(node_csr("w1", (x509.RFC822Name("root@w1"),)))
    words = "it asks for a name that is neither a DNS name nor an address"
    assert found == UnreadableRequest("csr-1", "requester", words)


def test_a_changed_document_is_unreadable() -> None:
    lines = node_csr("w1").splitlines()
    changed = bytearray(lines[2])
    changed[10] = ord("A") if changed[10] != ord("A") else ord("B")
    lines[2] = bytes(changed)
    assert isinstance(read(b"\n".join(lines)), UnreadableRequest)


@given(st.binary(max_size=400))
def test_anything_else_is_unreadable_and_nothing_more(document: bytes) -> None:
    assert isinstance(read(document), UnreadableRequest)
