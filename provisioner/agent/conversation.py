"""What the agent does next: a pure machine of states and events; a state is also the command to the edge.

| state       | the edge does                       | and says                                |
| ----------- | ----------------------------------- | --------------------------------------- |
| Surveying   | reads the hardware                  | Surveyed                                |
| Reporting   | POST /agent/report                  | Accepted, Unreachable or Refused        |
| CorrectingClock | sets system clock and RTC       | ClockSet                                |
| Asking      | GET /agent/order                    | Ordered, Unreachable or Refused         |
| Pausing     | sleeps                              | Rested                                  |
| Installing  | carries the order out               | Installed or GaveUp                     |
| Confirming  | POST /agent/written                 | Accepted, Unreachable or Refused        |
| Complaining | POST /agent/failed                  | Accepted, Unreachable or Refused        |
| Restarting  | reboots                             | nothing any more                        |

The rules:
- The clock is set right before anything else is done, if it is more than 2 seconds off; the report is
  sent again with the difference.
- Nothing but an order makes the agent write. An order that was carried out already is confirmed again,
  not carried out again.
- Only the daemon's Reboot, which it says after it has committed `written`, restarts the machine; or
  twenty refusals in a row: then the token is of no use any more, and a new boot brings a new one.
- After a failure, and after a wait of 5 s or more, the hardware is read again: somebody may have
  changed the very thing that is waited for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from provisioner.agent.messages import (
    Failed,
    HardwareReport,
    Install,
    Order,
    Reboot,
    Wait,
    Written,
)

CLOCK_TOLERANCE_SECONDS = 2.0
LONG_WAIT_SECONDS = 5.0
REFUSALS_BEFORE_RESTART = 20
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0, 5.0)


@dataclass(frozen=True, slots=True)
class Surveying:
    pass


@dataclass(frozen=True, slots=True)
class Reporting:
    report: HardwareReport


@dataclass(frozen=True, slots=True)
class CorrectingClock:
    """`ahead` in seconds, as in HardwareReport.clock_offset."""

    ahead: float
    report: HardwareReport


@dataclass(frozen=True, slots=True)
class Asking:
    pass


@dataclass(frozen=True, slots=True)
class Installing:
    order: Install


@dataclass(frozen=True, slots=True)
class Confirming:
    written: Written


@dataclass(frozen=True, slots=True)
class Complaining:
    failed: Failed


@dataclass(frozen=True, slots=True)
class Pausing:
    """`reason` is shown on the console."""

    seconds: float
    reason: str
    then: Active


@dataclass(frozen=True, slots=True)
class Restarting:
    reason: str


Sending = Reporting | Asking | Confirming | Complaining
Active = Surveying | CorrectingClock | Installing | Sending
State = Active | Pausing | Restarting


@dataclass(frozen=True, slots=True)
class Surveyed:
    report: HardwareReport


@dataclass(frozen=True, slots=True)
class Accepted:
    """`ahead` is how many seconds our clock was ahead of the daemon's, None if it didn't say its time."""

    ahead: float | None


@dataclass(frozen=True, slots=True)
class ClockSet:
    pass


@dataclass(frozen=True, slots=True)
class Ordered:
    order: Order


@dataclass(frozen=True, slots=True)
class Rested:
    pass


@dataclass(frozen=True, slots=True)
class Installed:
    written: Written


@dataclass(frozen=True, slots=True)
class GaveUp:
    failed: Failed


@dataclass(frozen=True, slots=True)
class Unreachable:
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    reason: str


Event = (
    Surveyed | Accepted | ClockSet | Ordered | Rested | Installed | GaveUp | Unreachable | Refused
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A state and what has to be remembered beside it; `advance` gives the next one."""

    state: State = Surveying()
    clock_offset: float = 0.0
    written: Written | None = None
    failures: int = 0
    refusals: int = 0

    def advance(self, event: Event) -> Conversation:
        """The conversation after `event`; an event that means nothing in this state changes nothing."""
        match self.state, event:
            case Surveying(), Surveyed(report):
                return self._go(Reporting(replace(report, clock_offset=self.clock_offset)))
            case CorrectingClock(ahead, report), ClockSet():
                corrected = replace(report, clock_offset=ahead)
                return replace(self._go(Reporting(corrected)), clock_offset=ahead)
            case Installing(), Installed(written):
                return replace(self._go(Confirming(written)), written=written)
            case Installing(), GaveUp(failed):
                return self._go(Complaining(failed))
            case Pausing(then=then), Rested():
                return replace(self, state=then)
            case (Reporting() | Asking() | Confirming() | Complaining()) as sending, _:
                return self._answered(sending, event)
            case _:
                return self

    def _answered(self, sending: Sending, event: Event) -> Conversation:
        match sending, event:
            case Asking(), Ordered(order):
                return self._obey(order)
            case Reporting(report), Accepted(ahead):
                return self._reported(report, ahead)
            case Confirming(), Accepted():
                return self._go(Asking())
            case Complaining(), Accepted():
                return self._go(Surveying())
            case _, Unreachable() | Refused():
                return self._try_again(sending, event)
            case _:
                return self

    def _go(self, state: State) -> Conversation:
        return replace(self, state=state, failures=0, refusals=0)

    def _reported(self, report: HardwareReport, ahead: float | None) -> Conversation:
        if ahead is not None and abs(ahead) > CLOCK_TOLERANCE_SECONDS:
            return self._go(CorrectingClock(ahead, report))
        return self._go(Asking())

    def _obey(self, order: Order) -> Conversation:
        match order:
            case Wait(reason, retry_after):
                then = Surveying() if retry_after >= LONG_WAIT_SECONDS else Asking()
                return self._go(Pausing(retry_after, f"waiting for {reason}", then))
            case Reboot(reason):
                return self._go(Restarting(reason))
            case Install() if self.written is not None and self.written.order == order.order:
                return self._go(Confirming(self.written))
            case Install():
                return self._go(Installing(order))
            case _:
                assert_never(order)

    def _try_again(self, sending: Sending, why: Unreachable | Refused) -> Conversation:
        refusals = self.refusals + 1 if isinstance(why, Refused) else 0
        if refusals >= REFUSALS_BEFORE_RESTART:
            return self._go(Restarting(f"refused again and again: {why.reason}"))
        seconds = RETRY_SECONDS[min(self.failures, len(RETRY_SECONDS) - 1)]
        return replace(
            self,
            state=Pausing(seconds, why.reason, sending),
            failures=self.failures + 1,
            refusals=refusals,
        )
