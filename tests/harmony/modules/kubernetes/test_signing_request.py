from __future__ import annotations

from base64 import encodebytes
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given
from hypothesis import strategies as st

from harmony.modules.kubernetes.signing_request import (
    SigningRequest,
    UnreadableRequest,
    read_signing_request,
)
from tests.harmony.modules.kubernetes.cluster_objects import node_csr

pytestmark = pytest.mark.unit

USAGES = frozenset({"client auth"})
KEY = ec.generate_private_key(ec.SECP256R1())
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
INFO = x509.load_pem_x509_csr(
    node_csr("w1", (x509.DNSName("w1"), x509.IPAddress(ip_address("10.7.0.12"))), key=KEY)
).tbs_certrequest_bytes


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


def signed(info: bytes) -> bytes:
    """The document around `info`, whatever that is: its signature is right."""
    signature = KEY.sign(info, ec.ECDSA(hashes.SHA256()))
    der = tlv(0x30, info + ECDSA_WITH_SHA256 + tlv(0x03, b"\0" + signature))
    name = b"CERTIFICATE REQUEST-----"
    return b"-----BEGIN %s\n%b-----END %s\n" % (name, encodebytes(der), name)


def tlv(tag: int, value: bytes) -> bytes:
    length = len(value).to_bytes(1 if len(value) < 0x80 else 2, "big")
    return bytes([tag, *([0x82] if len(length) == 2 else []), *length]) + value


def test_what_the_peer_of_the_next_test_signs_is_read() -> None:
    assert isinstance(read(signed(INFO)), SigningRequest)


def replaced(before: bytes, after: bytes) -> list[tuple[int, int]]:
    """The changes of `INFO` by which the only `before` in it becomes `after`."""
    assert (INFO.count(before), len(before)) == (1, len(after))
    return [(INFO.index(before) + at, byte) for at, byte in enumerate(after)]


@pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
@given(st.lists(st.tuples(st.integers(0, len(INFO) - 1), st.integers(0, 255)), max_size=4))
@example(replaced(b"\x82\x02w1", b"\xa3\x02w1")).via("x400Address")
@example(replaced(b"\x82\x02w1", b"\xa5\x02w1")).via("ediPartyName")
@example(replaced(bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d0205"))).via("key type")
@example(replaced(b"\x0c\x0esystem:node:w1", b"\x03\x0e\0ystem:node:w1")).via("bit string")
@example([(INFO.index(b"\x02\x01\x00") + 2, 1)]).via("version")
def test_a_document_that_a_stranger_made_is_read_or_unreadable(
    changes: list[tuple[int, int]],
) -> None:
    info = bytearray(INFO)
    for at, byte in changes:
        info[at] = byte
    assert isinstance(read(signed(bytes(info))), SigningRequest | UnreadableRequest)
