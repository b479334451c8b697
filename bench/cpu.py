"""CPU time of processes, to the nanosecond, as Linux tells it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def is_here(pid: int, name: bytes) -> bool:
    """Whether the process runs on this machine: of that number and called `name`."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(name)
    except OSError:
        return False


def cpu_of(pids: Iterable[int]) -> int:
    """Nanoseconds that the processes, all their threads together, have run for, here and in the
    kernel.
    """
    return sum(
        int(thread.read_bytes().split()[0])
        for pid in pids
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat")
    )


def of_ended_children(pid: int) -> int:
    """Nanoseconds that the children of a process that have ended ran for, to a clock tick."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    in_program, in_kernel = fields[13], fields[14]
    return (int(in_program) + int(in_kernel)) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def memory_of(pid: int) -> float:
    """Resident memory in megabytes, shared pages included."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
