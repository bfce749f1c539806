"""What a process may do no more, once it is told: Linux keeps it to a few folders and no network.

Three guards, each on its own: limits of what it may use (POSIX), Landlock (which files it may
open, Linux 5.13 and later) and a filter of system calls (no network, no other programs). Where the
system lacks one the others stand, and `confine` says which do.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

from geo.ingest.limits import Limits

# ---- Landlock: numbers of system calls are the same on all machines

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_READ = 0b1101  # run, read a file, list a folder
_FILES_ONLY = 0b111 | 1 << 14  # what may be said of a single file: run, write, read, truncate
_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # since which version there are how many rights on files
_NETWORK_SINCE, _SCOPED_SINCE = 4, 6
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2

# ---- system calls refused: network, other programs, other processes, the kernel's own matters

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    "x86_64": (
        *(41, 42, 43, 44, 49, 50, 53, 288),  # sockets
        *(59, 322, 101, 310, 311, 62, 200),  # programs and other processes
        *(165, 272, 308, 321, 298, 248, 249, 250, 323, 425, 304, 246, 175, 313, 135),
    ),
    "aarch64": (
        *(198, 199, 200, 201, 202, 203, 206, 242),
        *(221, 281, 117, 270, 271, 129, 130),
        *(40, 97, 268, 280, 241, 217, 218, 219, 282, 425, 265, 104, 105, 273, 92),
    ),
}
_FORKS = {"x86_64": (57, 58), "aarch64": ()}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_THREAD = 0x10000
_FOREIGN = 0x40000000  # the other numbering of x86-64
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NOT_PERMITTED, _NO_SUCH_CALL = 1, 38


def confine(read: Iterable[Path], write: Iterable[Path], *, forks: bool) -> tuple[str, ...]:
    """Keep this process, and all it starts, to these folders and away from the network, for ever.

    Parameters
    ----------
    read, write
        Folders and files it may still read, and those it may change as well.
    forks
        Whether it may still start processes of its own kind.

    Returns
    -------
    tuple
        `files` and `calls`: the guards that stand. Guards may be laid over each other.
    """
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return ()
    stands = ("files",) if _files(libc, read, write) else ()
    return (*stands, "calls") if _calls(libc, forks=forks) else stands


def _files(libc: ctypes.CDLL, read: Iterable[Path], write: Iterable[Path]) -> bool:
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    rights = (1 << max(count for since, count in _RIGHTS.items() if since <= version)) - 1
    members = [rights]
    members += [3] if version >= _NETWORK_SINCE else []
    members += [3] if version >= _SCOPED_SINCE else []
    told = struct.pack(f"={len(members)}Q", *members)
    rules = libc.syscall(_CREATE, told, ctypes.c_size_t(len(told)), 0)
    if rules < 0:
        return False
    try:
        for paths, allowed in ((read, _READ), (write, rights)):
            for path in paths:
                _allow(libc, rules, path, allowed)
        return not libc.syscall(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, allowed: int) -> None:
    try:
        opened = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be read either
    try:
        allowed = allowed if path.is_dir() else allowed & _FILES_ONLY
        rule = struct.pack("=Qi", allowed, opened)
        libc.syscall(_ADD, rules, _PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)


def _calls(libc: ctypes.CDLL, *, forks: bool) -> bool:
    machine = platform.machine()
    if machine not in _ARCHITECTURE:
        return False
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, _ARCHITECTURE[machine]), (_RETURN, 0, 0, _KILL)]
    steps += [(_LOAD, 0, 0, 0)]
    steps += _refuse(_AT_LEAST, _FOREIGN) if machine == "x86_64" else []
    for number in _REFUSED[machine]:
        steps += _refuse(_EQUAL, number)
    if not forks:
        for number in _FORKS[machine]:
            steps += _refuse(_EQUAL, number)
        # A library that finds no clone3 asks for clone, whose purpose can be seen.
        steps += _refuse(_EQUAL, _CLONE3, _NO_SUCH_CALL)
        steps += [(_EQUAL, 0, 4, _CLONE[machine]), (_LOAD, 0, 0, 16), (_ANY_BIT, 1, 0, _THREAD)]
        steps += [(_RETURN, 0, 0, _ERROR | _NOT_PERMITTED), (_RETURN, 0, 0, _ALLOW)]
    steps += [(_RETURN, 0, 0, _ALLOW)]
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(program, len(program))
    told = struct.pack("@HP", len(steps), ctypes.addressof(kept))
    return not libc.prctl(_SECCOMP, _FILTER, told, 0, 0)


def _refuse(test: int, number: int, error: int = _NOT_PERMITTED) -> list[tuple[int, int, int, int]]:
    return [(test, 0, 1, number), (_RETURN, 0, 0, _ERROR | error)]


def limit(limits: Limits, address_space: int) -> None:
    """Let the system end this process when it uses more; memory counts from `address_space`."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (POSIX only)
    import signal  # noqa: PLC0415

    for which, most in (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.written_bytes),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, address_space + limits.memory_bytes),
    ):
        _, hard = resource.getrlimit(which)
        # The signal of the soft limit tells why; the hard one is for what ignores signals.
        more = most + 2 if which == resource.RLIMIT_CPU else most
        if hard != resource.RLIM_INFINITY:
            more = min(more, hard)
        resource.setrlimit(which, (min(most, more), more))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error where it writes says more
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)


def address_space() -> int:
    """Bytes of address space that this process has now; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
