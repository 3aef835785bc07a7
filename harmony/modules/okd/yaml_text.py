"""YAML as openshift-install reads it, which is Go's reader: neither YAML 1.1 nor 1.2.

A serial number `12E45678` in plain style is a number to Go and text to Python, `n` is false to both of
them and `52:54:00:12:34:56` is a number to Python only. So nothing that could be read in two ways is
written in plain style, and plain words are read as Go does.
"""

from __future__ import annotations

import math
import re
import sys
from typing import Any

import yaml
from pydantic import JsonValue
from typing_extensions import override

from inventory.errors import OperatorError

_TRUE = ("y", "yes", "on", "true")
_FALSE = ("n", "no", "off", "false")
_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*")
_BLOCK = re.compile(r"([!-~]([ -~]*[!-~])?\n)+")
_NULL = re.compile(r"~|null|Null|NULL|")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(0[bB](?P<two>[01_]+)|0[oO]?(?P<eight>[0-7_]+)|0[xX](?P<sixteen>[0-9a-fA-F_]+)"
    r"|(?P<ten>0|[1-9][0-9_]*))"
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BASES = {"two": 2, "eight": 8, "ten": 10, "sixteen": 16}


class NotYaml(OperatorError):
    """The text is no YAML, or has what no configuration file needs: anchors, a key twice, tags."""


def write_yaml(value: JsonValue) -> str:
    """The one spelling of `value`: keys sorted, as the installer itself writes them."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=False,
        sort_keys=True,
        allow_unicode=True,
        width=sys.maxsize,
    )


def read_yaml(text: str) -> JsonValue:
    """The one document that `text` is. Raises NotYaml."""
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                raise ValueError(
                    f"it has an alias or a tag, write out what is meant{event.start_mark}"
                )
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        return None if node is None else _value(node)
    except RecursionError:
        raise NotYaml("this YAML is nested too deeply to be a configuration file") from None
    except (yaml.YAMLError, ValueError) as error:
        raise NotYaml(f"this is not YAML of a configuration file: {error}") from None


class _Dumper(yaml.SafeDumper):
    @override
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(_: _Dumper, text: str) -> yaml.ScalarNode:
    if _PLAIN.fullmatch(text) and text.lower() not in (*_TRUE, *_FALSE, "null"):
        style = None
    elif _BLOCK.fullmatch(text):
        style = "|"
    else:
        style = "'" if text.isascii() and text.isprintable() else '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _value(node: yaml.Node) -> JsonValue:
    if isinstance(node, yaml.SequenceNode):
        return [_value(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    assert isinstance(node, yaml.ScalarNode)
    return _plain(node.value) if node.style is None else node.value


def _mapping(node: yaml.MappingNode) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for name, one in node.value:
        key = _value(name)
        if not isinstance(key, str):
            raise ValueError(f"a key is no text{name.start_mark}")
        if key in found:
            raise ValueError(f"key {key!r} is there twice{name.start_mark}")
        found[key] = _value(one)
    return found


def _plain(text: str) -> JsonValue:
    if _NULL.fullmatch(text):
        return None
    if text.lower() in (*_TRUE, *_FALSE) and text in (text.lower(), text.title(), text.upper()):
        return text.lower() in _TRUE
    if number := _INTEGER.fullmatch(text):
        (digits, base) = next((number[n], b) for n, b in _BASES.items() if number[n] is not None)
        return int(number["sign"] + digits.replace("_", ""), base)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
