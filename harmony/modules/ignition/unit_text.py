"""Whether Ignition can read the text of a systemd unit: as coreos/go-systemd/v22/unit reads it.

It is laxer than systemd (whatever stands before the first section is skipped, any name is a name) and
stricter in one point: a line has at most 2047 bytes.
"""

from __future__ import annotations

LONGEST_LINE = 2047


def unit_problem(text: str) -> str | None:
    """Why Ignition would refuse a config with this unit in it, or None."""
    if any(len(line.encode()) > LONGEST_LINE for line in text.split("\n")):
        return f"has a line of more than {LONGEST_LINE} bytes"
    return _Reader(text).problem()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def problem(self) -> str | None:
        in_section = False
        while self.at < len(self.text):
            sign = self.text[self.at]
            wrong = None
            if sign == "[":
                wrong, in_section = self._section(), True
            elif sign in "#;":
                self._value(ignored=True)
            elif in_section and not sign.isspace():
                wrong = self._option()
            else:
                self.at += 1
            if wrong:
                return wrong
        return None

    def _section(self) -> str | None:
        end = self.text.find("]", self.at)
        if end < 0:
            return "has a section without ]"
        self.at = end + 1
        return "has something after the ] of a section" if self._line().strip() else None

    def _option(self) -> str | None:
        name, equals, _ = self.text[self.at :].partition("=")
        if not equals or "\n" in name or "\r" in name:
            return "has a line that is neither a section, an option nor a comment"
        self.at += len(name) + 1
        self._value(ignored=False)
        return None

    def _value(self, *, ignored: bool) -> None:
        """A backslash at its end continues it on the next line."""
        while True:
            line = self._line()
            if ignored:
                line = line.removesuffix(" ")
            if not line.endswith("\\") or self.at >= len(self.text):
                return

    def _line(self) -> str:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        line, self.at = self.text[self.at : end], end + 1
        return line
