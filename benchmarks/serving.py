"""What the process of an app that is measured has used so far."""

from __future__ import annotations

import os
from pathlib import Path

from reader import App


def memory(app: App) -> float:
    """Resident memory, MB."""
    pages = int(Path(f"/proc/{app.process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu(app: App) -> float:
    """Processor seconds of the process itself, without those that it started."""
    told = Path(f"/proc/{app.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    return sum(map(int, told.split()[11:13])) / os.sysconf("SC_CLK_TCK")
