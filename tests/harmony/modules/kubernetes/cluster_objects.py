"""Objects as a cluster would have them by itself: nodes, endpoints, kubelets' requests."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CSR = "CertificateSigningRequest"


def node(name: str, *, ready: bool = True) -> dict[str, Any]:
    status = "True" if ready else "False"
    condition = {"type": "Ready", "status": status, "message": "kubelet says so"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {}},
        "status": {"conditions": [condition]},
    }


def kubernetes_endpoints(*addresses: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"name": "kubernetes", "namespace": "default"},
        "subsets": [{"addresses": [{"ip": address} for address in addresses]}],
    }


def signing_request(
    name: str, signer: str, requester: str, usages: list[str], document: bytes
) -> dict[str, Any]:
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": CSR,
        "metadata": {"name": name},
        "spec": {
            "signerName": signer,
            "username": requester,
            "usages": usages,
            "request": b64encode(document).decode(),
        },
    }


def node_csr(
    host: str,
    names: tuple[x509.GeneralName, ...] = (),
    group: str = "system:nodes",
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """A PKCS #10 document as a kubelet makes it."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, group),
            x509.NameAttribute(NameOID.COMMON_NAME, f"system:node:{host}"),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    request = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM)
