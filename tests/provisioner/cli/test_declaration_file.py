from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmony.maestro import Maestro
from inventory.render import render_all
from provisioner.cli.declaration_file import (
    DeclarationFile,
    FaultyDeclarationError,
    declaration_digest,
    read_declaration,
)
from tests.harmony.scripted import Room, Thing

pytestmark = pytest.mark.unit

SOUND = """\
from inventory import Site
from tests.harmony.scripted import Thing
site = Site("home", [], [])
def deploy(maestro):
    maestro.register(Thing("a"))
"""


def read(tmp_path: Path, source: str | bytes) -> DeclarationFile:
    path = tmp_path / "site.py"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    return read_declaration(path)


def deployed(tmp_path: Path, source: str | bytes) -> tuple[DeclarationFile, Maestro[Any]]:
    declaration = read(tmp_path, source)
    maestro = Maestro[Any](Room())
    declaration.deploy(maestro)
    return declaration, maestro


def told(tmp_path: Path, source: str | bytes) -> str:
    declaration, _ = deployed(tmp_path, source)
    text = render_all(declaration.findings, declaration.sources)
    return text.replace(f"{tmp_path}/", "")


def test_a_sound_declaration(tmp_path: Path) -> None:
    declaration, maestro = deployed(tmp_path, SOUND)
    assert declaration.findings == []
    assert declaration.require_sound().name == "home"
    assert maestro.scores == (Thing("a"),)


CASES: dict[str, tuple[str | bytes, str]] = {
    "syntax": (
        "site = Site(\n",
        """\
error[HP0002]: site.py is not Python: '(' was never closed
 --> site.py:1:12
  |
1 | site = Site(
  |            ^ here Python gave up
  = help: the mistake is here or just before

1 error""",
    ),
    "nul": (
        "a = 1\0",
        """\
error[HP0002]: site.py is not Python: source code string cannot contain null bytes
 = here Python gave up
 = help: the mistake is here or just before

1 error""",
    ),
    "not text": (
        b"\xff\xfe",
        """\
error[HP0001]: site.py can't be read: it is not UTF-8
 = help: give the path of a declaration, such as examples/first_boot.py

1 error""",
    ),
    "raises": (
        "def half(n):\n    return 1 / n\n\nhalf(0)\n",
        """\
error[HP0003]: ZeroDivisionError: division by zero
 --> site.py:2:12
  |
2 |     return 1 / n
  |            ^^^^^ raised here
  = help: a declaration only makes values: it reads no file and asks no one

1 error""",
    ),
    "exits": (
        "raise SystemExit(3)\n",
        """\
error[HP0003]: SystemExit: 3
 --> site.py:1:1
  |
1 | raise SystemExit(3)
  | ^^^^^^^^^^^^^^^^^^^ raised here
  = help: a declaration only makes values: it reads no file and asks no one

1 error""",
    ),
    "empty": (
        "",
        """\
error[HP0004]: site.py has no 'site' that is a Site
 --> site.py:1:1
  |
1 |\x20
  | ^
  = help: site = Site("home", networks=[…], hosts=[…])

error[HP0005]: site.py has no 'deploy' that is a function
 --> site.py:1:1
  |
1 |\x20
  | ^
  = help: def deploy(maestro: Maestro[MachineSite]) -> None: maestro.register(…)

2 errors""",
    ),
    "two sites": (
        SOUND + 'site = Site("other", [], [])\n',
        """\
error[HP0006]: 'site' is defined twice
 --> site.py:6:1
  |
6 | site = Site("other", [], [])
  | ^^^^ only this one would count
  = note: the first is at site.py:3
  = help: one file declares one site: keep one of them

1 error""",
    ),
    "two deploys": (
        SOUND + "def deploy(maestro): pass\n",
        """\
error[HP0006]: 'deploy' is defined twice
 --> site.py:6:5
  |
6 | def deploy(maestro): pass
  |     ^^^^^^ only this one would count
  = note: the first is at site.py:4
  = help: one file declares one site: keep one of them

1 error""",
    ),
    "deploy raises and refuses": (
        SOUND.replace("    maestro", '    Thing("b", color="red")\n    maestre'),
        """\
error[HP0003]: NameError: name 'maestre' is not defined
 --> site.py:6:5
  |
6 |     maestre.register(Thing("a"))
  |     ^^^^^^^ raised here
  = help: a declaration only makes values: it reads no file and asks no one

error[HP0007]: Thing has no 'color'
 --> site.py:5:16
  |
5 |     Thing("b", color="red")
  |                ^^^^^^^^^^^ did you mean colour?
  = note: Thing takes name, colour
  = help: did you mean 'colour'?

2 errors""",
    ),
    "deploy is async": (
        SOUND.replace("def deploy", "async def deploy"),
        """\
error[HP0005]: 'deploy' is no plain function: a call would register nothing
 --> site.py:4:11
  |
4 | async def deploy(maestro):
  |           ^^^^^^ async, or with a yield in it
  = help: def deploy(maestro: Maestro[MachineSite]) -> None: maestro.register(…)

1 error""",
    ),
    "deploy yields": (
        SOUND + "    yield\n",
        """\
error[HP0005]: 'deploy' is no plain function: a call would register nothing
 --> site.py:4:5
  |
4 | def deploy(maestro):
  |     ^^^^^^ async, or with a yield in it
  = help: def deploy(maestro: Maestro[MachineSite]) -> None: maestro.register(…)

1 error""",
    ),
    "deploy takes nothing": (
        SOUND.replace("deploy(maestro)", "deploy()"),
        """\
error[HP0003]: TypeError: deploy() takes 0 positional arguments but 1 was given
 = raised here
 = help: a declaration only makes values: it reads no file and asks no one

1 error""",
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_faults_are_told_with_their_place(
    tmp_path: Path, source: str | bytes, expected: str
) -> None:
    assert told(tmp_path, source).replace(f"{tmp_path}/", "") == expected


def test_a_missing_file(tmp_path: Path) -> None:
    (finding,) = read_declaration(tmp_path / "nowhere.py").findings
    assert finding.message.endswith("nowhere.py can't be read: No such file or directory")


def test_a_faulty_declaration_gives_no_site(tmp_path: Path) -> None:
    with pytest.raises(FaultyDeclarationError) as caught:
        read(tmp_path, "").require_sound()
    assert [finding.code for finding in caught.value.diagnostics] == ["HP0004", "HP0005"]


def test_classes_of_the_declaration_itself(tmp_path: Path) -> None:
    own = """\
from __future__ import annotations
import pydantic
@pydantic.dataclasses.dataclass(frozen=True)
class Own(Thing):
    more: list[Own] | None = None
"""
    source = SOUND.replace("site =", own + "site =").replace('Thing("a"))', 'Own("a"))')
    source = "from __future__ import annotations\n" + source.replace(own.split("\n")[0] + "\n", "")
    declaration, maestro = deployed(tmp_path, source)
    assert declaration.findings == []
    assert [score.key() for score in maestro.scores] == ["thing/a"]


def test_the_digest_is_of_what_is_declared_only(tmp_path: Path) -> None:
    moved = SOUND.replace("site =", "# a comment\n\n\nsite =")
    digests = {
        declaration_digest(declaration.require_sound(), maestro.scores)
        for declaration, maestro in (deployed(tmp_path, SOUND), deployed(tmp_path, moved))
    }
    assert len(digests) == 1
    other, maestro = deployed(tmp_path, SOUND.replace('Thing("a")', 'Thing("b")'))
    assert declaration_digest(other.require_sound(), maestro.scores) not in digests
