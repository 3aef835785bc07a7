"""Each in a process of its own: forking and namespaces are for ever."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.kvm.lab.inside import ROOT

pytestmark = pytest.mark.protocol


def said(code: str) -> Any:
    done = subprocess.run(
        (sys.executable, "-c", code),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def test_only_children_forked_inside_are_in_the_new_pid_namespace() -> None:
    code = """
import json, os
from kvm.lab import namespaces

def number_of_a_child():
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(os.getpid()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reading, 16)), child

with namespaces.children_in_new_pid_namespace():
    inside = number_of_a_child()
outside = number_of_a_child()
print(json.dumps([inside[0], inside[1] != 1, outside[0] == outside[1]]))
"""
    assert said(code) == [1, True, True]


def test_new_mounts_and_network_are_this_process_s_own() -> None:
    code = """
import json, os
from kvm.lab import namespaces

def mine():
    return [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "net", "pid")]

before = mine()
namespaces.leave_for_new_mounts_and_network()
print(json.dumps([old == new for old, new in zip(before, mine())]))
"""
    assert said(code) == [False, False, True]


def test_a_child_dies_with_its_parent() -> None:
    code = """
import json, os, signal
from kvm.lab import namespaces

alive, held_by_child = os.pipe()
parent = os.fork()
if parent == 0:
    ready, tell = os.pipe()
    if os.fork() == 0:
        os.close(alive)
        namespaces.die_with_parent()
        os.write(tell, b"!")
        signal.pause()
    os.read(ready, 1)
    os.kill(os.getpid(), signal.SIGKILL)
os.close(held_by_child)
os.waitpid(parent, 0)
print(json.dumps(os.read(alive, 1).decode()))
"""
    assert said(code) == ""


def test_a_refusal_of_the_kernel_is_an_oserror() -> None:
    code = """
import json, os
from kvm.lab import namespaces
os.setuid(65534)
try:
    namespaces.leave_for_new_mounts_and_network()
except OSError as refused:
    print(json.dumps(str(refused)))
"""
    assert said(code) == "[Errno 1] unshare: Operation not permitted"
