from __future__ import annotations

import pytest

from harmony.modules.ignition.url_form import scheme_of, source_problem

pytestmark = pytest.mark.unit

_NO_URL = "is not a URL"
_SCHEME = "is not of a scheme that Ignition fetches (http, https, tftp, s3, gs, arn, data)"
_FORM = "is not of the form data:[TYPE/SUBTYPE][;NAME=VALUE]…[;base64],…"
_S3 = "has an empty versionId"
_ARN = "is not the ARN of an S3 object"
SOURCES = {
    "http://a": None,
    "HTTP://a": None,
    "http:a": None,
    "https://u:p%20q@h:8080/a b?%zz#x": None,
    "http://[::1]:80/x": None,
    "http://a:/": None,
    "http://%c3%a9/": None,
    "tftp://a/b": None,
    "gs://a/b": None,
    "s3://b/k?versionId=1": None,
    "arn:aws:s3:::b/k?versionId=1": None,
    "arn:aws:s3:eu:1:accesspoint/a/k": None,
    "data:,": None,
    ":a": _NO_URL,
    "http://a\n": _NO_URL,
    "http://a b/": _NO_URL,
    "http://a:x/": _NO_URL,
    "http://[::1/": _NO_URL,
    "http://u p@h/": _NO_URL,
    "http://u%2@h/": _NO_URL,
    "http://%41/": _NO_URL,
    "http://a^b/": _NO_URL,
    "http://a/%zz": _NO_URL,
    "http://a/#%zz": _NO_URL,
    "ftp://a": _SCHEME,
    "/a": _SCHEME,
    "//a/b": _SCHEME,
    "1http://a": _SCHEME,
    "file:///etc/passwd": _SCHEME,
    "s3://b/k?versionId=": _S3,
    "s3://b/k?versionId": _S3,
    "arn:aws:s3:::b/k?versionId=": _S3,
    "arn:aws:ec2:::b/k": _ARN,
    "arn:aws:s3:::b": _ARN,
    "arn:aws:s3:eu:1:accesspoint/a": _ARN,
    "arn:a": _ARN,
    "DATA:,a": _FORM,
}


@pytest.mark.parametrize("url, problem", SOURCES.items())
def test_sources(url: str, problem: str | None) -> None:
    assert source_problem(url) == problem


def test_schemes() -> None:
    found = [scheme_of(url) for url in ("HTTPS://a", "a/b", "http://a b/")]
    assert found == ["https", "", None]
