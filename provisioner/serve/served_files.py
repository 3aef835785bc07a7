"""The files that machines fetch over HTTP: artifacts as contributed, and iPXE."""

from __future__ import annotations

from pathlib import Path

from provisioner.serve.artifact_file import problem_of
from provisioner.serve.askers import Askers
from provisioner.serve.boot_program_folder import BootProgramFolder
from provisioner.serve.http_message import Answer, FileReply, Request, text
from provisioner.serve.memory import Memory

_TYPES = {
    ".efi": "application/efi",
    ".iso": "application/vnd.efi-iso",
    ".img": "application/vnd.efi-img",
}
"""What a firmware that boots straight over HTTP must be told (UEFI 2.10, 24.7.4); of use to nobody
else."""


class ServedFiles:
    """`boot_programs` is the folder of iPXE's binaries."""

    def __init__(self, memory: Memory, askers: Askers, boot_programs: Path) -> None:
        self._memory = memory
        self._askers = askers
        self._boot_programs = BootProgramFolder(boot_programs)

    def artifact(self, request: Request) -> Answer:
        parts = request.path.split("/")
        artifact = self._memory.artifact(parts[2]) if len(parts) > 3 else None
        if artifact is None:
            return text(404, "there is no such artifact")
        if problem := problem_of(artifact):
            words = f"{artifact.name} {problem}; ask again"
            return text(503, words, headers=(("Retry-After", "10"),))
        self._note(request, artifact.name)
        return FileReply(Path(artifact.path), artifact.sha256, _type_of(artifact.name))

    def boot_program(self, request: Request) -> Answer:
        """A firmware asks for its length by HEAD first."""
        program = self._boot_programs.path_of(request.path.removeprefix("/ipxe/"))
        if program is None or not self._askers.may_boot(request.peer):
            return text(404, "there is no such boot program")
        return FileReply(program, content_type=_type_of(program.name))

    def _note(self, request: Request, name: str) -> None:
        """What a machine fetched last says where it got stuck."""
        machine = self._askers.machine_at(request.peer)
        if machine is not None and request.method == "GET":
            part = request.headers.get("range", "all")[:100]
            self._askers.log("ArtifactAsked", machine, name=name, part=part)


def _type_of(name: str) -> str:
    return _TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
