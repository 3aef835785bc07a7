"""One pass of an Interpret, and what it comes to when it raises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from traceback import format_exception

from harmony.domain.outcome import Outcome
from inventory.errors import OperatorError, PeerError

Pass = Callable[[], Awaitable[Outcome]]


async def attempt(one_pass: Pass) -> Outcome:
    """A peer that says nonsense or nothing is asked again; an operator's error is final, and so is a
    bug: it is one Score's failure, and machines are served all the same."""
    try:
        return await one_pass()
    except PeerError as error:
        return Outcome.running(f"{error}; trying again")
    except OperatorError as error:
        found = error.diagnostics
        details = tuple(diagnostic.message for diagnostic in found)
        return Outcome.failure(str(error), details, found[0] if found else None)
    except Exception as bug:
        message = f"a bug of this product: {type(bug).__name__}: {bug}"
        return Outcome.failure(message, traceback="".join(format_exception(bug)))
