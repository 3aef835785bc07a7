from __future__ import annotations

import pytest

from harmony.modules.kubernetes.deployment import Deployment
from harmony.modules.kubernetes.namespace import Namespace
from inventory.diagnostic import Diagnostic
from inventory.site import Site

pytestmark = pytest.mark.unit

SITE = Site("home", networks=[], hosts=[])


def words(found: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    assert all(one.help for one in found)
    return [(one.code, one.message) for one in found]


@pytest.mark.parametrize("number", [0, 2_147_483_647])
@pytest.mark.parametrize("port", [1, 65535])
def test_nothing_to_say(number: int, port: int) -> None:
    assert Deployment("a", "b", "i", replicas=number, port=port).check(SITE) == ()
    assert Namespace("b").check(SITE) == ()


def test_all_that_kubernetes_would_refuse() -> None:
    wrong = Deployment("Hello World", "We b", "i", replicas=-3, port=99999)
    assert words(wrong.check(SITE)) == [
        ("HP0210", "name 'Hello World' is no name for Kubernetes"),
        ("HP0210", "namespace 'We b' is no name for Kubernetes"),
        ("HP0211", "replicas -3 is not between 0 and 2147483647"),
        ("HP0211", "port 99999 is not between 1 and 65535"),
    ]
    assert words(Namespace("web.shop").check(SITE)) == [
        ("HP0210", "name 'web.shop' is no name for Kubernetes")
    ]
