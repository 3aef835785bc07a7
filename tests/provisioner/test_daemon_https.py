"""The real daemon by HTTPS: curl on the wire trusts the site's CA and nothing else; plain HTTP beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Artifact, Contribution
from tests.namespaces import NetworkNamespace, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import SITE, served_on
from tests.provisioner.serve.tls import tls_pair

pytestmark = pytest.mark.protocol

CONTENT = bytes(range(256)) * 20_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PATHS = (
    "/",
    "/ca.crt",
    "/boot.ipxe",
    f"/artifacts/{DIGEST}/kernel",
    "/ipxe/snponly.efi",
    "/agent/order",
)


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[DaemonChild, NetworkNamespace]]:
    """The daemon with an artifact, and another station on its wire."""
    folder = tmp_path_factory.mktemp("https")
    kernel = folder / "kernel"
    kernel.write_bytes(CONTENT)
    artifact = Artifact("kernel", DIGEST, len(CONTENT), str(kernel))
    with segment() as wire, served_on(wire, folder) as daemon:
        daemon.put(Contribution("assets/a/artifacts", artifacts=(artifact,))).raise_for_status()
        yield daemon, wire.station("eth0", "10.7.0.50/24")


@pytest.fixture
def root(served: tuple[DaemonChild, NetworkNamespace], tmp_path: Path) -> Path:
    """The CA as a client gets it: by plain HTTP."""
    path = tmp_path / "root.crt"
    served[1].run("curl", "-sSf", "-o", str(path), "http://10.7.0.1/ca.crt")
    return path


def test_an_artifact_by_https_and_by_http_beside_it(
    served: tuple[DaemonChild, NetworkNamespace], root: Path, tmp_path: Path
) -> None:
    daemon, client = served
    for scheme in ("https", "http"):
        url = f"{scheme}://10.7.0.1/artifacts/{DIGEST}/kernel"
        client.run("curl", "-sSf", "--cacert", str(root), "-o", str(tmp_path / scheme), url)
        assert (tmp_path / scheme).read_bytes() == CONTENT
    resolved = ("--resolve", "ns.small.example:443:10.7.0.1")
    client.run("curl", "-sSf", "--cacert", str(root), *resolved, "https://ns.small.example/ca.crt")
    status = daemon.admin.get("/v1/status").json()
    assert status["ca_certificate"] == root.read_text()
    said = client.run("openssl", "x509", "-in", str(root), "-noout", "-fingerprint", "-sha256")
    assert said.stdout.strip().partition("=")[2].replace(":", "").lower() == status["ca_sha256"]


def test_another_ca_is_not_believed(
    served: tuple[DaemonChild, NetworkNamespace], tmp_path: Path
) -> None:
    tls_pair(tmp_path)
    url = "https://10.7.0.1/ca.crt"
    for trusted in (("--cacert", str(tmp_path / "here.pem")), ()):
        assert served[1].attempt("curl", "-sS", *trusted, url).returncode == 60


def test_openssl_verifies_the_chain_on_the_wire(
    served: tuple[DaemonChild, NetworkNamespace], root: Path
) -> None:
    verified = ("-verify_return_error", "-verify_ip", "10.7.0.1", "-x509_strict")
    words = ("openssl", "s_client", "-connect", "10.7.0.1:443", "-CAfile", str(root), *verified)
    done = served[1].run("sh", "-c", '"$@" </dev/null', "sh", *words)
    assert "Verify return code: 0 (ok)" in done.stdout


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_plain_http_is_never_sent_elsewhere(
    served: tuple[DaemonChild, NetworkNamespace], path: str, method: str
) -> None:
    """A stock iPXE trusts the CAs that are compiled in: a redirect to HTTPS would be its end."""
    how = ("-I",) if method == "HEAD" else ("-X", method)
    url = f"http://10.7.0.1{path}"
    answer = served[1].run("curl", "-sS", "-D", "-", "-o", "/dev/null", *how, url).stdout
    status = int(answer.split()[1])
    assert not 300 <= status < 400
    assert "https:" not in answer.lower()


def test_the_ca_outlives_the_daemon_and_the_port_follows_the_declaration(
    served: tuple[DaemonChild, NetworkNamespace], root: Path
) -> None:
    daemon, client = served
    daemon.kill()
    daemon.start()
    trusting = ("curl", "-sSf", "--cacert", str(root))
    client.run(*trusting, "https://10.7.0.1/ca.crt")
    for port in (8443, None):
        moved = replace(SITE, https_port=port)
        daemon.put(Contribution("site", site=moved)).raise_for_status()
        assert client.attempt(*trusting, "https://10.7.0.1/ca.crt").returncode == 7
        there = client.attempt(*trusting, "https://10.7.0.1:8443/ca.crt").returncode
        assert there == (0 if port else 7)
    client.run("curl", "-sSf", "http://10.7.0.1/ca.crt")
    daemon.put(Contribution("site", site=SITE)).raise_for_status()
    client.run(*trusting, "https://10.7.0.1/ca.crt")


def test_a_damaged_ca_is_said_and_not_replaced(
    served: tuple[DaemonChild, NetworkNamespace],
) -> None:
    daemon, client = served
    assert daemon.terminate() == 0
    kept = daemon.state / "tls" / "site-ca.pem"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    refused = daemon.attempt()
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith(
        f"provisioner: {kept} is damaged: restore it,"
    )
    kept.write_bytes(whole)
    daemon.start()
    client.run("curl", "-sSf", "http://10.7.0.1/ca.crt")
