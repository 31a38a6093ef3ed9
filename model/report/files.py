"""Writing a file so that a reader finds the old one or the whole new one, never half of it."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException


class NotWritten(OSError):
    """A result file could not be written; nothing half-written is left behind."""


def write_safely(target: Path, write: Callable[[Path], None], check: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a temporary file beside ``target`` and ``check`` read it again, then move it into place.

    Returns where it stands: ``target``, or a time-stamped name beside it where another program holds ``target`` open.
    Raises NotWritten where neither is possible or the check fails.
    """
    # Beside the target: only within one file system is the move a single step.
    temporary = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.tmp{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(temporary)
        check(temporary)
        # On disk before it is moved: after a power cut the name must not lead to an empty file.
        _sync(temporary)
        return _move(temporary, target)
    # XlsxWriter wraps the system's refusal, as what it cannot draw, in an error that is no OSError.
    except (OSError, XlsxWriterException) as error:
        if isinstance(error, NotWritten):
            raise
        raise NotWritten(f"{target}: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def rejected_name(target: Path) -> Path:
    """Where a plan that the audit refused stands instead of at ``target``."""
    return target.with_name(f"{target.stem}.REJECTED{target.suffix}")


def beside(target: Path, moment: datetime) -> Path:
    """A free name beside ``target`` that carries the time."""
    stamp = f"{moment:%Y%m%d-%H%M%S}"
    path = target.with_name(f"{target.stem}.{stamp}{target.suffix}")
    count = 2
    while path.exists():
        path = target.with_name(f"{target.stem}.{stamp}-{count}{target.suffix}")
        count += 1
    return path


def _move(temporary: Path, target: Path) -> Path:
    try:
        return temporary.replace(target)
    # Windows does not replace a file that a program holds open.
    except PermissionError:
        return temporary.replace(beside(target, datetime.now()))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
