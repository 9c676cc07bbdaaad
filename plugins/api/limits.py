"""What a process that opens what strangers wrote gives up before it reads the first byte.

Memory, processor time, the size of files, core dumps; on Linux also the network and other programs (seccomp, which
needs no privilege). Nothing here imports the rest of the product.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys

MIB = 1024 * 1024
MAX_MEMORY = 1024 * MIB
MAX_FILE = 64 * MIB
MAX_OPEN_FILES = 256

#: AUDIT_ARCH and the numbers of the calls that are refused: socket, connect, socketpair, execve, execveat, ptrace.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 53, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 203, 199, 221, 281, 117)),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
#: Calls of the 32-bit ABI on x86-64, which have other numbers.
_X32 = 0x40000000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    """`struct sock_fprog` of Linux."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def give_up(seconds: int) -> None:
    """Give up everything beyond `seconds` of processor time and some memory, for the rest of this process."""
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_FSIZE, MAX_FILE)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, MAX_MEMORY)
        close_network()


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def close_network() -> bool:
    """Refuse sockets and other programs from now on; return whether this machine could (Linux on known processors)."""
    if platform.machine() not in _CALLS:
        return False
    code = b"".join(_instructions(*_CALLS[platform.machine()]))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _instructions(architecture: int, calls: tuple[int, ...]) -> list[bytes]:
    """Return the filter as classic BPF: another architecture is the end, the calls are refused, the rest is allowed."""
    count = len(calls)
    found = [
        _instruction(_LOAD, 0, 0, 4),
        _instruction(_EQUAL, 1, 0, architecture),
        _instruction(_RETURN, 0, 0, _KILL),
        _instruction(_LOAD, 0, 0, 0),
        _instruction(_AT_LEAST, count + 1, 0, _X32),
    ]
    found += [_instruction(_EQUAL, count - index, 0, call) for index, call in enumerate(calls)]
    return [*found, _instruction(_RETURN, 0, 0, _ALLOW), _instruction(_RETURN, 0, 0, _REFUSE)]


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
