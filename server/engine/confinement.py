"""What a process that runs queries gives up: memory, processor time, core files, the network, outliving us."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def leave_network() -> bool:
    """Move this process into a network namespace of its own, without any way out; False where that is not allowed."""
    return any(_libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def limit_memory(beyond: int) -> None:
    """Let this process map at most that many bytes more than it has mapped now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        mapped = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    limit = mapped + beyond
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def forbid_core_files() -> None:
    """Let no crash of this process write a core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor(seconds: int) -> None:
    """Have the kernel end this process (SIGXCPU) once it has used that many seconds more than it has used now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def return_memory() -> None:
    """Give free memory back to the system, so that the next query has all of its own."""
    _libc.malloc_trim(0)
