"""The machine's clocks: what a server's answer says of them, and setting them right."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from calendar import timegm

RTC_SET_TIME = 0x4024700A
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_header_seconds(text: str) -> float | None:
    """Epoch seconds of an HTTP Date header (RFC 9110, 5.6.7, the one form in use), None if it isn't one.

    It counts whole seconds: the middle of that second is taken.
    """
    try:
        _, day, month, year, clock, _ = text.split()
        hour, minute, second = (int(part) for part in clock.split(":"))
        moment = (int(year), MONTHS.index(month) + 1, int(day), hour, minute, second)
        return timegm(moment) + 0.5
    except ValueError:
        return None


def set_clocks(now: float, rtc: str = "/dev/rtc0") -> None:
    """Sets the system clock to `now` (epoch seconds), and the hardware clock if there is one (UTC)."""
    time.clock_settime(time.CLOCK_REALTIME, now)
    moment = time.gmtime(now)
    fields = struct.pack(
        "9i",
        *(moment.tm_sec, moment.tm_min, moment.tm_hour),
        *(moment.tm_mday, moment.tm_mon - 1, moment.tm_year - 1900),
        *(0, 0, 0),
    )
    try:
        descriptor = os.open(rtc, os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        fcntl.ioctl(descriptor, RTC_SET_TIME, fields)
    finally:
        os.close(descriptor)
