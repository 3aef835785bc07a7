from __future__ import annotations

import pytest

from harmony.infra.openshift_install.installer_command import (
    Command,
    Done,
    Failed,
    Installer,
    Late,
    Step,
    Verdict,
    verdict,
)

pytestmark = pytest.mark.unit

INSTALLER = Installer("/srv/okd/4.19/openshift-install", home="/srv/okd/home")
ENVIRONMENT = {
    "HOME": "/srv/okd/home",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step.MANIFESTS, "create manifests --dir /d"),
        (Step.IGNITION_CONFIGS, "create ignition-configs --dir /d"),
        (Step.SINGLE_NODE_IGNITION, "create single-node-ignition-config --dir /d"),
        (Step.BOOTSTRAP_COMPLETE, "wait-for bootstrap-complete --dir /d --log-level debug"),
        (Step.INSTALL_COMPLETE, "wait-for install-complete --dir /d --log-level debug"),
        (Step.AGENT_PXE_FILES, "agent create pxe-files --dir /d"),
        (
            Step.AGENT_BOOTSTRAP_COMPLETE,
            "agent wait-for bootstrap-complete --dir /d --log-level debug",
        ),
        (Step.AGENT_INSTALL_COMPLETE, "agent wait-for install-complete --dir /d --log-level debug"),
    ],
)
def test_each_command_line_and_its_environment(step: Step, words: str) -> None:
    line = ("/srv/okd/4.19/openshift-install", *words.split())
    assert INSTALLER.command(step, "/d") == Command(line, ENVIRONMENT)


def test_a_directory_is_one_argument() -> None:
    assert INSTALLER.command(Step.MANIFESTS, "/a b; c").arguments[3:] == ("--dir", "/a b; c")


def test_the_release_of_a_mirror() -> None:
    mirrored = Installer("x", "/h", "/opt/bin", "mirror:5000/okd/release@sha256:00")
    assert mirrored.images() == Command(
        ("x", "coreos", "print-stream-json"),
        {
            "HOME": "/h",
            "LC_ALL": "C.UTF-8",
            "PATH": "/opt/bin",
            "OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE": "mirror:5000/okd/release@sha256:00",
        },
    )


WAIT = "openshift-install wait-for install-complete ended with"


@pytest.mark.parametrize(
    ("step", "code", "judged"),
    [
        (Step.MANIFESTS, 0, Done()),
        (Step.INSTALL_COMPLETE, 0, Done()),
        (Step.INSTALL_COMPLETE, 6, Late(f"{WAIT} 6: the installation is not complete")),
        (Step.INSTALL_COMPLETE, 7, Late(f"{WAIT} 7: operators are not stable yet")),
        (Step.INSTALL_COMPLETE, 8, Late(f"{WAIT} 8: it was interrupted")),
        (Step.INSTALL_COMPLETE, -15, Late(f"{WAIT} -15: signal 15")),
        (Step.INSTALL_COMPLETE, 1, Failed(f"{WAIT} 1: it gave a reason on its standard error")),
        (Step.INSTALL_COMPLETE, 99, Failed(f"{WAIT} 99: of unknown meaning")),
        (
            Step.BOOTSTRAP_COMPLETE,
            5,
            Late(
                "openshift-install wait-for bootstrap-complete ended with 5: bootstrap is not complete"
            ),
        ),
        (
            Step.MANIFESTS,
            3,
            Failed(
                "openshift-install create manifests ended with 3: the install-config is refused"
            ),
        ),
        (
            Step.IGNITION_CONFIGS,
            -9,
            Failed("openshift-install create ignition-configs ended with -9: signal 9"),
        ),
    ],
)
def test_what_an_exit_code_means(step: Step, code: int, judged: Verdict) -> None:
    assert verdict(step, code) == judged
