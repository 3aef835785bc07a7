from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.install_config import Proxy
from harmony.modules.okd.proxy_check import check_proxy

pytestmark = pytest.mark.unit

INSIDE = (ip_network("10.128.0.0/14"), ip_network("172.30.0.0/16"), ip_network("fd01::/48"))


@pytest.mark.parametrize(
    "proxy",
    [
        Proxy(http_proxy="http://proxy.home.example:3128"),
        Proxy(https_proxy="https://user:word@10.7.0.9:3129", no_proxy="*"),
        Proxy(
            http_proxy="http://10.7.0.9", no_proxy=".home.example,10.7.0.0/24,10.7.0.9,a.b,fd00::1"
        ),
    ],
)
def test_nothing_to_say(proxy: Proxy) -> None:
    assert list(check_proxy(proxy, INSIDE)) == []


@pytest.mark.parametrize(
    ("proxy", "message"),
    [
        (Proxy(no_proxy=".a"), "proxy: there is none in it"),
        (
            Proxy(http_proxy="https://proxy.example"),
            "proxy.httpProxy: 'https://proxy.example' is no URL of http",
        ),
        (
            Proxy(https_proxy="ftp://user:secret@proxy"),
            "proxy.httpsProxy: '…@proxy' is no URL of http or https",
        ),
        (Proxy(http_proxy="http://"), "proxy.httpProxy: 'http://' is no URL of http"),
        (Proxy(http_proxy="http://[a"), "proxy.httpProxy: 'http://[a' is no URL of http"),
        (Proxy(http_proxy="http://a:99999"), "proxy.httpProxy: 'http://a:99999' is no URL of http"),
        (
            Proxy(http_proxy="http://172.30.0.9:3128"),
            "proxy.httpProxy: 172.30.0.9 is in the cluster's own network 172.30.0.0/16",
        ),
        (
            Proxy(http_proxy="http://a", no_proxy="*.a"),
            "proxy.noProxy: '*.a' is neither an address nor a network nor a domain",
        ),
        (Proxy(http_proxy="http://a", no_proxy="a, b"), "proxy.noProxy: has spaces in it"),
        (
            Proxy(http_proxy="http://a", no_proxy="a,,b"),
            "proxy.noProxy: '' is neither an address nor a network nor a domain",
        ),
    ],
)
def test_a_proxy_that_is_refused(proxy: Proxy, message: str) -> None:
    (found,) = check_proxy(proxy, INSIDE)
    assert (found.code, found.message, bool(found.help)) == ("HP0228", message, True)


@given(st.from_type(Proxy))
def test_nothing_that_is_written_is_a_traceback(proxy: Proxy) -> None:
    list(check_proxy(proxy, INSIDE))
