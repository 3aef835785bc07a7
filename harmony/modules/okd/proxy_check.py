"""What the installer refuses of a proxy (openshift/installer, pkg/types/validation/installconfig.go)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from harmony.modules.okd.document import finding
from harmony.modules.okd.install_config import Proxy
from harmony.modules.okd.network_check import IpNetwork
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.text import is_dns_name


def check_proxy(proxy: Proxy, inside: tuple[IpNetwork, ...]) -> Iterator[Diagnostic]:
    """`inside` are the networks of pods and Services."""
    if not proxy.http_proxy and not proxy.https_proxy:
        yield _found("proxy", "there is none in it", "give httpProxy, httpsProxy or both")
    if proxy.http_proxy:
        yield from _url("proxy.httpProxy", proxy.http_proxy, ("http",), inside)
    if proxy.https_proxy:
        yield from _url("proxy.httpsProxy", proxy.https_proxy, ("http", "https"), inside)
    if proxy.no_proxy and proxy.no_proxy != "*":
        yield from _exceptions(proxy.no_proxy)


def _url(
    where: str, url: str, schemes: tuple[str, ...], inside: tuple[IpNetwork, ...]
) -> Iterator[Diagnostic]:
    try:
        parts = urlsplit(url)
        host, scheme, _ = parts.hostname, parts.scheme, parts.port
    except ValueError:
        host, scheme = None, ""
    if scheme not in schemes or not host:
        words = f"{_hidden(url)!r} is no URL of {' or '.join(schemes)}"
        yield _found(where, words, "such as http://proxy.home.example:3128")
        return
    for network in inside:
        if _address_in(host, network):
            words = f"{host} is in the cluster's own network {network}"
            yield _found(where, words, "name a proxy outside of the cluster")


def _hidden(url: str) -> str:
    """Without what may be a password."""
    return f"…@{url.rpartition('@')[2]}" if "@" in url else url


def _address_in(host: str, network: IpNetwork) -> bool:
    try:
        return ip_address(host) in network
    except ValueError:
        return False


def _exceptions(no_proxy: str) -> Iterator[Diagnostic]:
    if " " in no_proxy:
        yield _found("proxy.noProxy", "has spaces in it", "write commas alone between the entries")
    for one in no_proxy.split(","):
        if not _is_exception(one.strip()):
            words = f"{one.strip()!r} is neither an address nor a network nor a domain"
            yield _found("proxy.noProxy", words, "write .home.example for all below home.example")


def _is_exception(one: str) -> bool:
    try:
        ip_network(one, strict=False)
    except ValueError:
        return is_dns_name(one.removeprefix("."))
    return True


def _found(where: str, words: str, help: str) -> Diagnostic:
    return finding(Code.INVALID_OKD_PROXY, where, words, help)
