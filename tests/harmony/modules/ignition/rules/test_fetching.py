from __future__ import annotations

import pytest
from pydantic import JsonValue

from tests.harmony.modules.ignition.configs import Case, document, wrong

pytestmark = pytest.mark.unit

SHA512, SHA256 = "sha512-" + "aB" * 64, "sha256-" + "12" * 32
AT = "storage.files[0].contents"


def fetched(minor: int = 3, **contents: JsonValue) -> str:
    return document(minor, storage={"files": [{"path": "/a", "contents": contents}]})


def merging(*merge: JsonValue, minor: int = 3) -> str:
    return document(minor, ignition={"config": {"merge": list(merge)}})


def trusting(*authorities: JsonValue, minor: int = 3) -> str:
    return document(
        minor, ignition={"security": {"tls": {"certificateAuthorities": list(authorities)}}}
    )


def proxied(**proxy: JsonValue) -> str:
    return document(3, ignition={"proxy": proxy})


_HASH = f"{AT}.verification.hash: is not sha512- and 128 or sha256- and 64 hex digits"
_HEADERS = f"{AT}.httpHeaders: are sent only to an http or https source"
CASES = {
    "nothing": Case(fetched()),
    "gzip": Case(fetched(source="data:,", compression="gzip")),
    "no compression": Case(fetched(source="data:,", compression="")),
    "xz": Case(
        fetched(source="data:,", compression="xz"),
        (f"{AT}.compression: is not gzip, the one compression that Ignition undoes",),
    ),
    "sha512": Case(fetched(source="http://a/", verification={"hash": SHA512})),
    "sha256": Case(fetched(source="http://a/", verification={"hash": SHA256})),
    "sha1": Case(fetched(source="http://a/", verification={"hash": "sha1-" + "0" * 40}), (_HASH,)),
    "short": Case(fetched(source="http://a/", verification={"hash": SHA512[:-1]}), (_HASH,)),
    "no dash": Case(fetched(source="http://a/", verification={"hash": "sha512"}), (_HASH,)),
    "nothing to verify": Case(
        fetched(verification={"hash": SHA512}),
        (f"{AT}.verification.hash: verifies nothing: there is no source",),
    ),
    "ftp": Case(
        fetched(source="ftp://a/"),
        (
            f"{AT}.source: is not of a scheme that Ignition fetches"
            " (http, https, tftp, s3, gs, arn, data)",
        ),
    ),
    "header": Case(fetched(source="http://a", httpHeaders=[{"name": "A", "value": "b"}])),
    "header to remove": Case(fetched(source="http://a", httpHeaders=[{"name": "A"}])),
    "header of data": Case(
        fetched(source="data:,", httpHeaders=[{"name": "A", "value": "b"}]), (_HEADERS,)
    ),
    "header of nothing": Case(fetched(httpHeaders=[{"name": "A", "value": "b"}]), (_HEADERS,)),
    "header without name or value": Case(
        fetched(source="http://a", httpHeaders=[{"name": "", "value": ""}]),
        (
            f"{AT}.httpHeaders[0].name: is empty",
            f"{AT}.httpHeaders[0].value: is empty; leave it out to take the parent's header away",
        ),
    ),
    "merge": Case(merging({"source": "http://a/"}, {"source": "http://b/"})),
    "merge of nothing": Case(
        merging({"compression": "gzip"}), ("ignition.config.merge[0].source: is required here",)
    ),
    "CA": Case(trusting({"source": "data:,ca"})),
    "CA of nothing": Case(
        trusting({}),
        ("ignition.security.tls.certificateAuthorities[0].source: is required here",),
    ),
    "proxy": Case(proxied(httpProxy="http://p:3128", httpsProxy="https://p", noProxy=["a", "b"])),
    "proxy by socks": Case(
        proxied(httpsProxy="socks5://p"),
        ("ignition.proxy.httpsProxy: is not an http or https URL",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_whom_a_config_may_ask(case: Case) -> None:
    assert wrong(case.document) == case.wrong


def test_a_digest_is_in_hex_though_ignition_looks_only_at_its_length() -> None:
    said = fetched(source="http://a/", verification={"hash": "sha256-" + "g" * 64})
    assert wrong(said) == (_HASH,)
