"""A CertificateSigningRequest as read out of the API: who asks, and for what exactly.

What is asked for is read from the PKCS #10 document itself, never from what the API says about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet"
SERVING_SIGNER = "kubernetes.io/kubelet-serving"
NODE_USER = "system:node:"
TOKEN_USER = "system:bootstrap:"

# All that the library raises for documents that strangers made; they have no base in common.
_UNREADABLE = (
    ValueError,
    TypeError,  # of a subject with a bit string in it
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """`requester` is the user the API server authenticated, the rest what that user asks for."""

    name: str
    signer: str
    requester: str
    usages: frozenset[str]
    common_name: str
    organizations: tuple[str, ...]
    dns_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """Whose certificate it would be, if it is a node's."""
        return self.common_name.removeprefix(NODE_USER)

    @property
    def is_first(self) -> bool:
        """Whether somebody else than the node itself asks for its client certificate."""
        return self.signer == CLIENT_SIGNER and not self.requester.startswith(NODE_USER)


@dataclass(frozen=True, slots=True)
class UnreadableRequest:
    """A CertificateSigningRequest whose document can't be read; it stays pending."""

    name: str
    requester: str
    reason: str


def read_signing_request(
    name: str, signer: str, requester: str, usages: frozenset[str], document: bytes
) -> SigningRequest | UnreadableRequest:
    """`document` is PEM. Other names than DNS names and addresses make it unreadable."""
    try:
        asked = x509.load_pem_x509_csr(document)
        if not asked.is_signature_valid:
            return UnreadableRequest(name, requester, "its signature is wrong")
        dns_names, addresses = _alternative_names(asked)
        common_names = _attributes(asked, NameOID.COMMON_NAME)
        organizations = _attributes(asked, NameOID.ORGANIZATION_NAME)
    except _UNREADABLE as wrong:
        return UnreadableRequest(name, requester, str(wrong))
    if len(common_names) != 1:
        return UnreadableRequest(name, requester, f"it has {len(common_names)} common names")
    return SigningRequest(
        name=name,
        signer=signer,
        requester=requester,
        usages=usages,
        common_name=common_names[0],
        organizations=organizations,
        dns_names=dns_names,
        addresses=addresses,
    )


def _attributes(
    asked: x509.CertificateSigningRequest, oid: x509.ObjectIdentifier
) -> tuple[str, ...]:
    return tuple(str(one.value) for one in asked.subject.get_attributes_for_oid(oid))


def _alternative_names(
    asked: x509.CertificateSigningRequest,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    dns_names = tuple(one.value for one in names if isinstance(one, x509.DNSName))
    addresses = tuple(str(one.value) for one in names if isinstance(one, x509.IPAddress))
    if len(dns_names) + len(addresses) != len(list(names)):
        raise ValueError("it asks for a name that is neither a DNS name nor an address")
    return dns_names, addresses
