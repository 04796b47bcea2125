"""What a process that runs queries gives up: memory, processor time, core files, the network, outliving us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import time
from functools import lru_cache

LOW_PRIORITY = 10
"""Nice value that leaves a process a tenth of what one of full priority gets."""
_PR_SET_PDEATHSIG = 1
_CAP_SYS_NICE = 23
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def leave_network() -> bool:
    """Move this process into a network namespace of its own, without any way out; False where that is not allowed."""
    return any(_libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def lower_priority(pid: int) -> None:
    """Let a process give way to others, as far as that can be taken back."""
    with contextlib.suppress(ProcessLookupError):
        if _may_raise_priority():
            os.setpriority(os.PRIO_PROCESS, pid, LOW_PRIORITY)
        else:
            os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))


def raise_priority(pid: int) -> None:
    """Take `lower_priority` back."""
    with contextlib.suppress(ProcessLookupError):
        if _may_raise_priority():
            os.setpriority(os.PRIO_PROCESS, pid, 0)
        else:
            os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))


@lru_cache(maxsize=1)
def _may_raise_priority() -> bool:
    """Whether this process has CAP_SYS_NICE; without it a nice value can only be made worse."""
    with open("/proc/self/status", encoding="ascii") as file:
        capabilities = next(line for line in file if line.startswith("CapEff:"))
    return bool(int(capabilities.split()[1], 16) >> _CAP_SYS_NICE & 1)


def stay_on_processor(number: int) -> None:
    """Keep this thread on one of the processors that it may use: the one of that number, counted round."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[number % len(allowed)]})


def resident_bytes() -> int:
    """Bytes of memory that this process holds."""
    return _pages(1) * os.sysconf("SC_PAGE_SIZE")


def _pages(field: int) -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[field])


def limit_memory(beyond: int) -> None:
    """Let this process map at most that many bytes more than it has mapped now."""
    limit = _pages(0) * os.sysconf("SC_PAGE_SIZE") + beyond
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def forbid_core_files() -> None:
    """Let no crash of this process write a core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class ProcessorLimit:
    """A number of processor seconds that this process may use from each start on."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._limit = 0

    def start(self) -> None:
        """Have the kernel end this process (SIGXCPU) once it has used those seconds more than it has used now."""
        limit = int(time.process_time()) + self._seconds + 1
        if limit != self._limit:
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))
            self._limit = limit


def return_memory() -> None:
    """Give free memory back to the system, so that the next query has all of its own."""
    _libc.malloc_trim(0)
