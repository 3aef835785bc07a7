from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.infra.errors import VaultUnusableError
from harmony.infra.sealed_file import SealedFile

pytestmark = pytest.mark.unit


def test_nothing_was_ever_written(tmp_path: Path) -> None:
    assert SealedFile(tmp_path / "vault").read() is None


@given(contents=st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_the_last_content_comes_back(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "vault"
    for content in contents:
        SealedFile(path).write(content)
    assert SealedFile(path).read() == contents[-1]


def test_the_same_content_is_sealed_differently_each_time(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    SealedFile(path).write(b"content")
    first = path.read_bytes()
    SealedFile(path).write(b"content")
    assert path.read_bytes() != first


@given(at=st.integers(16, 60), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "vault"
    SealedFile(path).write(b"twenty bytes content")
    damaged = bytearray(path.read_bytes())
    damaged[at % len(damaged)] ^= 1 << bit
    path.write_bytes(damaged)
    with pytest.raises(VaultUnusableError):
        SealedFile(path).read()


def test_content_without_its_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    SealedFile(path).write(b"content")
    sealed = path.read_bytes()
    path.with_name("vault.key").unlink()
    for action in (SealedFile(path).read, lambda: SealedFile(path).write(b"other")):
        with pytest.raises(VaultUnusableError, match=r"its key .*vault\.key is not"):
            action()
    assert path.read_bytes() == sealed


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    SealedFile(tmp_path / "one").write(b"content")
    SealedFile(tmp_path / "two").write(b"content")
    (tmp_path / "two.key").rename(tmp_path / "one.key")
    with pytest.raises(VaultUnusableError, match="not sealed with the key"):
        SealedFile(tmp_path / "one").read()


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("name: value")
    with pytest.raises(VaultUnusableError, match="not a vault of this product"):
        SealedFile(tmp_path / "vault").read()


def test_what_a_crash_left_beside_it_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "vault.new").write_bytes(b"half")
    SealedFile(tmp_path / "vault").write(b"content")
    assert SealedFile(tmp_path / "vault").read() == b"content"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vault", "vault.key"]
