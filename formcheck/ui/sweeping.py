"""What servers that were killed have left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

_DAY_S = 86400.0


@cache
def sweep_once(prefix: str) -> None:
    """Remove what killed servers left, once in the life of this one."""
    sweep(Path(tempfile.gettempdir()), prefix, time.time())


def sweep(temporary: Path, prefix: str, now_s: float) -> None:
    """Remove visitors' folders older than a day whose server no longer runs. Others' folders are left alone."""
    for folder in temporary.glob(f"{prefix}*-*"):
        try:
            facts = folder.lstat()
            pid = int(folder.name.split("-")[2])
        except (OSError, ValueError):
            continue
        mine = not hasattr(os, "getuid") or facts.st_uid == os.getuid()
        if mine and folder.is_dir() and not folder.is_symlink() and _abandoned(pid, now_s - facts.st_mtime):
            shutil.rmtree(folder, ignore_errors=True)


def _abandoned(pid: int, age_s: float) -> bool:
    if os.name == "nt":
        # there, asking for a process by signal 0 would end it: age alone decides
        return age_s > 7 * _DAY_S
    if age_s <= _DAY_S:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
