"""A real Kubernetes out of Debian's source package, or out of a folder of official binaries.

Debian's source package is the whole upstream tree with its vendored dependencies. One file is not in it:
the API server's OpenAPI definitions, which upstream's make generates. Its generator is run directly (on the
directories that ask for it, as the Makefile does), then one `go build` makes all programs. Debian's two
patches concern only what kubectl prints and are left out. One vendored package is older than the Go that
compiles it and is taken from Debian anew.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioner.images.built import Product, sha256_of
from provisioner.images.cache import Recipe
from provisioner.images.commands import Commands
from provisioner.images.errors import UnusableBinaries
from provisioner.images.packages import Packages

NAME = "kubernetes"
PROGRAMS = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kubectl",  # for a person in a kept lab: 37 MB, and one package in seventeen more to compile
)
TOOLCHAIN = ("golang-1.19-go", "golang-1.19-src")
GO_ROOT = "usr/lib/go-1.19"
GO_PACKAGES = "usr/share/gocode/src"
# Packages that are vendored, and Debian's of them. reflect2 before 1.0.2 walks over maps by a function that
# Go 1.18 changed: an API server with it dies of a fault at the first CustomResourceDefinition.
RENEWED = {"github.com/modern-go/reflect2": "golang-github-modern-go-reflect2-dev"}
# Of official binaries: v1.24 ends at `--port=0`, with which the units of a cluster start controller manager
# and scheduler, and without which v1.20 serves on an open port.
MINOR_VERSIONS = range(20, 24)
ROOT_PACKAGE = "k8s.io/kubernetes"
STAMPED = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
OPENAPI_TAG = re.compile(rb"^// *\+k8s:openapi-gen=", re.MULTILINE)
OPENAPI_PACKAGE = "pkg/generated/openapi"
NOT_FOR_OPENAPI = frozenset({"code-generator", "sample-apiserver"})
REVISION = 2  # raise it when the steps below change what comes out
COMPILED_PACKAGES = 2362  # how many packages `go build -v` names

# Seconds on 2 cores with nothing else running.
REFERENCE = {"tools": 6, "source": 6, "generator": 35, "definitions": 5, "programs": 350}

Finish = Callable[[str], None]


def recipe() -> Recipe:
    """Of the build from source."""
    inputs = {
        "source": NAME,
        "toolchain": TOOLCHAIN,
        "renewed": RENEWED,
        "programs": PROGRAMS,
        "revision": REVISION,
    }
    return Recipe.of(NAME, inputs)


def missing_programs(folder: Path) -> tuple[str, ...]:
    """What a folder of official binaries lacks."""
    return tuple(name for name in PROGRAMS if not (folder / name).is_file())


def require_programs(folder: Path) -> None:
    """UnusableBinaries if a folder of official binaries lacks one."""
    if missing := missing_programs(folder):
        raise UnusableBinaries(f"{folder} lacks {', '.join(missing)}")


def recipe_of_folder(folder: Path) -> Recipe:
    """Of a folder of official binaries: their contents. A finished build of them is such a folder too."""
    require_programs(folder)
    return Recipe.of(NAME, {"folder": {name: sha256_of(folder / name) for name in PROGRAMS}})


def build_from_folder(folder: Path, commands: Commands, output: Path) -> Product:
    """Take the operator's binaries as they are; UnusableBinaries if no cluster can be made of them."""
    for name in PROGRAMS:
        shutil.copyfile(folder / name, output / name)
        (output / name).chmod(0o755)
    product = _product(output, commands, {})
    version = product.versions[NAME]
    if not any(version.startswith(f"v1.{minor}.") for minor in MINOR_VERSIONS):
        known = f"v1.{MINOR_VERSIONS[0]} to v1.{MINOR_VERSIONS[-1]}"
        raise UnusableBinaries(f"{folder} has Kubernetes {version}; a cluster is made of {known}")
    return product


@dataclass(frozen=True, slots=True)
class SourceBuild:
    """Builds the programs in `work`; compiled packages are kept in `compiled` until all is done, so that an
    interrupted build goes on where it was."""

    packages: Packages
    commands: Commands
    compiled: Path
    finish: Finish

    def build(self, work: Path, output: Path) -> Product:
        """All programs in `output`."""
        self.packages.refresh()
        tools = work / "tools"
        needed = (*TOOLCHAIN, *RENEWED.values())
        versions = {p.name: p.version for p in self.packages.unpack(needed, work / "debs", tools)}
        self.finish("tools")
        version, tarball = self.packages.download_source(NAME, work / "source")
        tree = unpack_source(self.commands, tarball, work / "go")
        renew_vendored(tools, tree)
        self.finish("source")
        environment = go_environment(tools, work / "go", self.compiled)
        go = str(tools / GO_ROOT / "bin" / "go")
        self._generate(go, tree, work, environment)
        self._compile(go, tree, output, environment, upstream_version(version))
        shutil.rmtree(self.compiled, ignore_errors=True)
        return _product(output, self.commands, {**versions, "source": f"{NAME} {version}"})

    def _generate(self, go: str, tree: Path, work: Path, environment: Mapping[str, str]) -> None:
        generator = work / "openapi-gen"
        origin = "./vendor/k8s.io/kube-openapi/cmd/openapi-gen"
        self.commands.run(go, "build", "-o", generator, origin, folder=tree, extra=environment)
        self.finish("generator")
        wanted = ",".join(f"{ROOT_PACKAGE}/{folder}" for folder in openapi_folders(tree))
        self.commands.run(
            *(generator, "--logtostderr", "--input-dirs", wanted),
            *("--output-package", f"{ROOT_PACKAGE}/{OPENAPI_PACKAGE}"),
            *("--output-file-base", "zz_generated.openapi"),
            *("--go-header-file", "vendor/k8s.io/code-generator/hack/boilerplate.go.txt"),
            *("--report-filename", work / "violations"),
            folder=tree,
            extra=environment,
        )
        self.finish("definitions")

    def _compile(
        self, go: str, tree: Path, output: Path, environment: Mapping[str, str], version: str
    ) -> None:
        flags = f"-s -w {' '.join(stamps(version))}"
        sources = [f"./cmd/{program}" for program in PROGRAMS]
        self.commands.run(
            *(go, "build", "-v", "-o", f"{output}/", "-ldflags", flags, *sources),
            folder=tree,
            extra=environment,
        )
        self.finish("programs")


def go_environment(tools: Path, gopath: Path, compiled: Path) -> dict[str, str]:
    """For a Go toolchain that runs from where it was unpacked, without a C compiler or the network."""
    compiled.mkdir(parents=True, exist_ok=True)
    return {
        "GOROOT": str(tools / GO_ROOT),
        "GOPATH": str(gopath),
        "GOCACHE": str(compiled),
        "GO111MODULE": "off",
        "GOFLAGS": "-trimpath",
        "GOTMPDIR": str(gopath.parent),
        "GOENV": "off",
        "CGO_ENABLED": "0",
        "HOME": str(gopath.parent),
    }


def unpack_source(commands: Commands, tarball: Path, gopath: Path) -> Path:
    """Unpack upstream's tarball to where its packages are found, and return that folder."""
    parent = gopath / "src" / "k8s.io"
    parent.mkdir(parents=True)
    commands.run("tar", "--extract", "--file", tarball, "--directory", parent)
    unpacked = next(parent.iterdir())
    return unpacked.rename(parent / "kubernetes")


def renew_vendored(tools: Path, tree: Path) -> None:
    """Put Debian's packages in the place of the vendored ones."""
    for package in RENEWED:
        vendored = tree / "vendor" / package
        shutil.rmtree(vendored)
        shutil.copytree(tools / GO_PACKAGES / package, vendored)


def upstream_version(debian: str) -> str:
    """`1.20.5+really1.20.2-1.1+deb12u1` is upstream's `1.20.2`."""
    upstream = debian.split(":")[-1].rsplit("-", 1)[0]
    return upstream.rsplit("really", 1)[-1]


def stamps(version: str) -> Iterator[str]:
    """Linker flags that put `version` into the programs.

    They name the vendored packages: stamped under their own name, the kubelet says v0.0.0-master.
    """
    major, minor, _ = version.split(".", 2)
    values = {
        "gitVersion": f"v{version}",
        "gitMajor": major,
        "gitMinor": minor,
        "gitTreeState": "archive",
        "gitCommit": "debian",
        "buildDate": "1970-01-01T00:00:00Z",
    }
    for package in STAMPED:
        for key, value in values.items():
            yield f"-X {ROOT_PACKAGE}/vendor/{package}.{key}={value}"


def openapi_folders(tree: Path) -> list[str]:
    """Every folder whose sources ask for OpenAPI definitions, as the Makefile finds them."""
    vendored = sorted((tree / "vendor" / "k8s.io").iterdir())
    roots = [tree / "pkg", tree / "plugin", tree / "cmd"]
    roots += [folder for folder in vendored if folder.name not in NOT_FOR_OPENAPI]
    asking = {file.parent for root in roots for file in _go_files(root) if _asks(file)}
    return sorted(str(folder.relative_to(tree)) for folder in asking)


def _go_files(root: Path) -> Iterator[Path]:
    # os.walk begins inside vendor/k8s.io/NAME, a link to staging, which Path.rglob would not enter
    for folder, _, files in os.walk(root):
        yield from (Path(folder, file) for file in files if file.endswith(".go"))


def _asks(file: Path) -> bool:
    return OPENAPI_TAG.search(file.read_bytes()) is not None


def _product(output: Path, commands: Commands, versions: Mapping[str, str]) -> Product:
    said = {name: _said_version(output / name, commands) for name in PROGRAMS}
    if len(set(said.values())) != 1:
        raise UnusableBinaries(f"the Kubernetes programs are of different versions: {said}")
    files: Sequence[str] = PROGRAMS
    return Product(
        {f"{NAME}/{name}": name for name in files},
        {**versions, NAME: said[PROGRAMS[0]]},
    )


def _said_version(program: Path, commands: Commands) -> str:
    kubectl = program.name == "kubectl"
    asked = ("version", "--client", "--output=yaml") if kubectl else ("--version",)
    match = re.search(r"v\d+\.\d+\.\d+\S*", commands.read(str(program), *asked))
    if match is None:
        raise UnusableBinaries(f"{program.name} does not say its version")
    return match.group()
