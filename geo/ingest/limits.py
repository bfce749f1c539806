"""What a file may cost before it is refused. Shown to whoever brings it; tests ask for less."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a file may be, hold and take.

    Attributes
    ----------
    file_bytes
        Of the file as received.
    unpacked_bytes, members, ratio
        Of an archive: what it unpacks to, how many files it holds, how many times larger than
        packed.
    features, vertices, columns, cell_letters
        Of a table: rows, corners of all outlines together, columns, letters of one cell.
    depth
        Of brackets or elements inside each other.
    seconds, cpu_seconds, memory_bytes, written_bytes
        Of the process that reads the file: by the clock on the wall, of the processor, of address
        space, and of any one file it writes.
    """

    file_bytes: int = 25 * MEGABYTE
    unpacked_bytes: int = 150 * MEGABYTE
    members: int = 500
    ratio: int = 200
    features: int = 20_000
    vertices: int = 300_000
    columns: int = 200
    cell_letters: int = 2_000
    depth: int = 60
    seconds: float = 60.0
    cpu_seconds: int = 45
    memory_bytes: int = 2_000 * MEGABYTE
    written_bytes: int = 220 * MEGABYTE

    def document(self) -> dict[str, float]:
        """As JSON has it."""
        return asdict(self)


LIMITS = Limits()
