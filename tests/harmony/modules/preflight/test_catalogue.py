from __future__ import annotations

import pytest

from harmony.modules.preflight.catalogue import KNOWN, SITE_STAGE

pytestmark = pytest.mark.unit


def test_each_has_a_name_of_its_own_a_question_and_a_fix() -> None:
    assert len(KNOWN) == len(SITE_STAGE)
    assert [kind.id for kind in SITE_STAGE if not kind.asks.endswith("?") or not kind.fix] == []


def test_those_of_one_group_stand_together() -> None:
    groups = [kind.group for kind in SITE_STAGE]
    turns = [one for one, before in zip(groups, [None, *groups], strict=False) if one is not before]
    assert len(turns) == len(set(groups))
