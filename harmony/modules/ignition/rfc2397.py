"""data: URLs (RFC 2397), in the form that Ignition takes: it is stricter than browsers are."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

_TOKEN = r"[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]"
_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f-\U0010ffff]|\\["\\])*"'
_URL = re.compile(
    "data:"
    rf"(?:(?:[xX]-|text|image|audio|video|application|message|multipart){_TOKEN}*/{_TOKEN}*)?"
    rf"(?P<parameters>(?:;{_TOKEN}+=(?:{_TOKEN}+|{_QUOTED}))*)"
    r"(?P<base64>;base64)?,(?P<text>.*)",
    re.DOTALL,
)
_PLAIN = re.compile(r"""[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*""")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class NotADataUrl(ValueError):
    """Says what is wrong without a word of what the URL holds."""


def decoded(url: str) -> bytes:
    """The bytes in `url`, or NotADataUrl."""
    parts = _URL.fullmatch(url)
    if parts is None:
        raise NotADataUrl("is not of the form data:[TYPE/SUBTYPE][;NAME=VALUE]…[;base64],…")
    if _BAD_ESCAPE.search(parts["parameters"]):
        raise NotADataUrl("has a % without two hex digits after it")
    return _from_base64(parts["text"]) if parts["base64"] else _from_percent(parts["text"])


def encoded(content: bytes) -> str:
    """`content` as base64."""
    return "data:;base64," + base64.b64encode(content).decode()


def _from_base64(text: str) -> bytes:
    if not _BASE64.fullmatch(text):
        raise NotADataUrl("is not base64 after ;base64,")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise NotADataUrl("is not base64 after ;base64,: its length is wrong") from None


def _from_percent(text: str) -> bytes:
    if not _PLAIN.fullmatch(text):
        raise NotADataUrl("has a character that must be escaped with %")
    if _BAD_ESCAPE.search(text):
        raise NotADataUrl("has a % without two hex digits after it")
    return unquote_to_bytes(text)
