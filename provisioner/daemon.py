"""The daemon's start: its compiled modules first, where there are any, then everything else.

`python -m provisioner.daemon --state DIR`. It ends with 0 after SIGTERM or SIGINT, and otherwise says
why in the last line of its standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from provisioner.compiled import put_in_front


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 after a clean stop, 1 when it can't serve."""
    runs = put_in_front(_cache(arguments))
    from provisioner.composition import serve  # only now: what was imported can't be replaced

    return serve(arguments, runs)


def _cache(arguments: Sequence[str] | None) -> Path | None:
    """The one option that counts before all others are known."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--cache", type=Path)
    cache: Path | None = parser.parse_known_args(arguments)[0].cache
    return cache


if __name__ == "__main__":
    sys.exit(main())
