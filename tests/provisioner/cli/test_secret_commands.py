from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmony.domain.capability.secret_vault import SecretQuery, SecretSpec, Token
from harmony.infra.file_vault import FileVault
from inventory.errors import OperatorError
from provisioner.cli.main import app, main
from provisioner.cli.places import StatePlace
from provisioner.cli.secret_commands import given

pytestmark = pytest.mark.unit

NAME = "okd/home/pull-secret"


def vault(state: Path) -> FileVault:
    return FileVault(StatePlace(state).secrets, time.time)


def kept(state: Path) -> str | None:
    secret = asyncio.run(vault(state).observe_secret(SecretQuery(NAME)))
    return None if secret is None else secret.private


def test_from_standard_input_and_from_a_file(tmp_path: Path) -> None:
    state = tmp_path / "state"
    file = tmp_path / "pull-secret.json"
    file.write_text('{"auths": {}}\n')
    for arguments, typed, said, text in (
        ([], "first", "kept from now on", "first"),
        ([], "first", "it was there already", "first"),
        ([str(file)], "", "kept from now on", '{"auths": {}}\n'),
    ):
        command = ["secrets", "give", NAME, *arguments, "--state", str(state)]
        done = CliRunner().invoke(app, command, input=typed)
        assert (done.exit_code, done.stdout) == (0, f"secret {NAME} in the vault: {said}\n")
        assert kept(state) == text


@pytest.mark.parametrize("name", ["", "/a", "a//b", "../a", "a b", "a/"])
def test_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(OperatorError, match="is no name of a secret"):
        given(tmp_path, name, "text")
    assert list(tmp_path.iterdir()) == []


def test_no_text(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="there is no text"):
        given(tmp_path, NAME, " \n")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_is_none(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SystemExit):
        main(["secrets", "give", NAME, str(file), "--state", str(tmp_path / "state")])
    assert capsys.readouterr().err.startswith(f"error: {file} can't be read as text")


def test_what_was_generated_is_not_replaced(tmp_path: Path) -> None:
    made = asyncio.run(vault(tmp_path).ensure_secret(SecretSpec(NAME, Token())))
    with pytest.raises(OperatorError, match="choose another name"):
        given(tmp_path, NAME, "text")
    assert kept(tmp_path) == made.private
