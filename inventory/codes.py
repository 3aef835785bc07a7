"""Every code a diagnostic can have, never reused; explanations.md has a long form for each.

HP00xx declaration and inventory, HP01xx Scores and capabilities, HP02xx cluster,
HP03xx daemon, HP04xx lab and images.
"""

from __future__ import annotations

from enum import StrEnum, unique


@unique
class Code(StrEnum):
    # The declaration file and what its constructors refuse.
    NOT_PYTHON = "HP0001"
    NO_SITE = "HP0002"
    DECLARATION_RAISED = "HP0003"
    UNKNOWN_KEYWORD = "HP0004"
    MISSING_ARGUMENT = "HP0005"
    WRONG_TYPE = "HP0006"
    FILE_UNREADABLE = "HP0007"
    # Names and texts.
    INVALID_NAME = "HP0010"
    DUPLICATE_NAME = "HP0011"
    INVALID_MAC = "HP0012"
    DUPLICATE_MAC = "HP0013"
    INVALID_ADDRESS = "HP0014"
    DUPLICATE_ADDRESS = "HP0015"
    INVALID_UUID = "HP0016"
    DUPLICATE_IDENTITY = "HP0017"
    # Networks.
    INVALID_SUBNET = "HP0020"
    OVERLAPPING_SUBNETS = "HP0021"
    OUTSIDE_SUBNET = "HP0022"
    INVALID_POOL = "HP0023"
    RESERVED_IN_POOL = "HP0024"
    UNKNOWN_NETWORK = "HP0025"
    HOST_OUTSIDE_NETWORK = "HP0026"
    INVALID_INTERFACE = "HP0027"
    INVALID_NUMBER = "HP0028"
    NO_NETWORK = "HP0029"
    # Hosts.
    UNMATCHABLE_HOST = "HP0030"
    OVERLAPPING_RULES = "HP0031"
    NO_INSTALL_DISK = "HP0032"
    UNKNOWN_DISK = "HP0033"
    FIRMWARE_LIMIT = "HP0034"
    POWER_NEEDS_MAC = "HP0035"
    RULE_NEEDS_REHEARSAL = "HP0036"
    # Racks, switches and cables.
    UNKNOWN_HOST = "HP0040"
    UNKNOWN_SWITCH = "HP0041"
    UNKNOWN_NIC = "HP0042"
    PORT_USED_TWICE = "HP0043"
    UNKNOWN_RACK = "HP0044"
    # Scores and capabilities.
    CAPABILITY_MISSING = "HP0101"
    NOTHING_PROVIDES = "HP0102"
    CONFLICTING_SCORES = "HP0103"
    SCORES_WAIT_IN_CIRCLE = "HP0104"
    HOST_NOT_OF_SITE = "HP0105"
