"""Real requests to a real API server: kubelets are played by this test, everything else is real."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harmony.domain.capability.installed_machines import MachineCondition
from harmony.domain.capability.kubernetes_api import ObjectQuery
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.modules.kubernetes.joining import ensure_tokens
from harmony.modules.kubernetes.signing import Signed, known_hosts, observe_requests, sign
from harmony.modules.kubernetes.signing_request import CLIENT_SIGNER, SERVING_SIGNER
from inventory.machine_state import MachineState
from tests.harmony.real_control_plane import RealCluster

pytestmark = pytest.mark.protocol

CLIENT = ["digital signature", "key encipherment", "client auth"]
SERVER = ["digital signature", "key encipherment", "server auth"]
CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
_BOUND = 60.0
T = TypeVar("T")


@dataclass
class Kubelet:
    """Asks as a kubelet does, by a token or by a certificate it was given."""

    cluster: RealCluster
    host: str
    certificate: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def ask(self, name: str, signer: str, usages: list[str], **named: Any) -> int:
        """The status of the answer to a new CertificateSigningRequest."""
        document = {
            "apiVersion": "certificates.k8s.io/v1",
            "kind": "CertificateSigningRequest",
            "metadata": {"name": name},
            "spec": {
                "signerName": signer,
                "usages": usages,
                "request": b64encode(self._request(**named)).decode(),
            },
        }
        with self._client(named.get("token")) as client:
            return client.post(CSRS, json=document).status_code

    def nodes(self) -> int:
        with self._client(None) as client:
            return client.get("/api/v1/nodes").status_code

    def _request(
        self, names: tuple[x509.GeneralName, ...] = (), token: str | None = None, of: str = ""
    ) -> bytes:
        subject = [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:nodes"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"system:node:{of or self.host}"),
        ]
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    @contextmanager
    def _client(self, token: str | None) -> Generator[httpx2.Client]:
        context = ssl.create_default_context(cadata=self.cluster.way.ca_certificate)
        if token is None:
            key = self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode()
            with NamedTemporaryFile("w") as file:
                file.write(self.certificate + key)
                file.flush()
                context.load_cert_chain(file.name)
        port = self.cluster.server.rpartition(":")[2]
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        with httpx2.Client(
            base_url=f"https://127.0.0.1:{port}", verify=context, headers=headers, timeout=20.0
        ) as client:
            yield client


@dataclass
class Installer:
    """Our side: tokens, verdicts, and certificates as they come out."""

    cluster: RealCluster
    folder: Path
    states: dict[str, MachineState]

    def tokens(self, joined: frozenset[str] = frozenset()) -> None:
        self._run(lambda api: ensure_tokens(api, "home", self.cluster.secrets.tokens, joined))

    def sign(self) -> Signed:
        async def round_(api: KubernetesClient) -> Signed:
            requests = await observe_requests(api, "home")
            nodes = await api.observe_objects(ObjectQuery("v1", "Node", cluster="home"))
            hosts = known_hosts(
                self.cluster.plan,
                self.cluster.secrets.tokens,
                [MachineCondition(host, state) for host, state in self.states.items()],
                [node.reference.name for node in nodes],
                requests,
            )
            return await sign(api, "home", requests, hosts)

        return self._run(round_)

    def issued(self, name: str) -> str:
        """The certificate, once the controller manager has signed it."""
        query = ObjectQuery(
            "certificates.k8s.io/v1", "CertificateSigningRequest", name=name, cluster="home"
        )

        async def wait(api: KubernetesClient) -> str:
            until = time.monotonic() + _BOUND
            while time.monotonic() < until:
                (found,) = await api.observe_objects(query)
                certificate = found.manifest.get("status", {}).get("certificate")
                if certificate:
                    return b64decode(certificate).decode()
                await asyncio.sleep(0.2)
            raise AssertionError(f"{name} was not signed within {_BOUND} s")

        return self._run(wait)

    def _run(self, conversation: Callable[[KubernetesClient], Awaitable[T]]) -> T:
        client = self.cluster.client(self.folder)

        async def whole() -> T:
            try:
                return await conversation(client)
            finally:
                await client.aclose()

        return asyncio.run(whole())


def test_a_host_joins_and_nobody_else_does(real_cluster: RealCluster, tmp_path: Path) -> None:
    tokens = real_cluster.secrets.tokens
    installer = Installer(
        real_cluster,
        tmp_path,
        {"cp1": MachineState.READY, "w1": MachineState.INSTALLED},
    )
    w1 = Kubelet(real_cluster, "w1")
    stranger = Kubelet(real_cluster, "w9")
    own, other = tokens["w1"], tokens["cp1"]

    # Without its Secret a token is nobody's.
    assert w1.ask("too-early", CLIENT_SIGNER, CLIENT, token=own) == 401
    installer.tokens()
    assert w1.ask("w1-first", CLIENT_SIGNER, CLIENT, token=own) == 201
    assert installer.sign().left == ()
    assert w1.ask("w1-second", CLIENT_SIGNER, CLIENT, token=own) == 201
    assert w1.ask("w1-stolen", CLIENT_SIGNER, CLIENT, token=other) == 201
    assert stranger.ask("w9-unknown", CLIENT_SIGNER, CLIENT, token=own) == 201

    left = {one.request: one.reason for one in installer.sign().left}
    assert left == {
        "w1-second": "w1 already has a certificate",
        "w1-stolen": f"system:bootstrap:{other[:6]} may not ask for w1's first certificate",
        "w9-unknown": "no host 'w9' is declared in this cluster",
    }
    w1.certificate = installer.issued("w1-first")
    assert w1.nodes() == 200

    # Now it speaks as system:node:w1: for its own names, and only for them.
    own_names = (x509.DNSName("w1"), x509.IPAddress(ip_address("10.7.0.12")))
    more_names = (*own_names, x509.DNSName("api.home.example"))
    assert w1.ask("w1-serving", SERVING_SIGNER, SERVER, names=own_names) == 201
    assert w1.ask("w1-greedy", SERVING_SIGNER, SERVER, names=more_names) == 201
    assert w1.ask("w1-renewal", CLIENT_SIGNER, CLIENT) == 201
    left = {one.request: one.reason for one in installer.sign().left}
    assert left.pop("w1-greedy") == "api.home.example is not w1's"
    assert left.pop("w1-renewal") == "w1 is installed, not ready"
    installer.states["w1"] = MachineState.READY
    assert "w1-renewal" not in {one.request for one in installer.sign().left}
    serving = x509.load_pem_x509_certificate(installer.issued("w1-serving").encode())
    ca = x509.load_pem_x509_certificate(real_cluster.way.ca_certificate.encode())
    serving.verify_directly_issued_by(ca)
    assert installer.issued("w1-renewal")

    # With the node Ready its token is worth nothing any more; the other's still is.
    installer.tokens(joined=frozenset({"w1"}))
    assert refused_in_the_end(lambda at: w1.ask(f"late-{at}", CLIENT_SIGNER, CLIENT, token=own))
    assert w1.ask("still", CLIENT_SIGNER, CLIENT, token=other) == 201


def refused_in_the_end(ask: Callable[[int], int]) -> bool:
    """The API server takes a token it has seen for ten seconds more."""
    until = time.monotonic() + _BOUND
    for attempt in itertools.count():
        if ask(attempt) == 401:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    raise AssertionError("unreachable")
