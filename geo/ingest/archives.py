"""ZIP archives: the listing is judged before anything is unpacked, and unpacking is counted."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from io import BytesIO

from geo.ingest.found import Refusal
from geo.ingest.limits import LIMITS, MEGABYTE, Limits

_END = b"PK\x05\x06"
_MOST_OF_AN_ENTRY = 2_000  # bytes of the listing
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ORDINARY = {0, stat.S_IFREG, stat.S_IFDIR}
_ARCHIVES = (".zip", ".kmz", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".shz", ".jar")
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|\0")
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
)


class Archive:
    """A ZIP whose listing has been judged."""

    def __init__(self, data: bytes, limits: Limits, *, keep: bool = True) -> None:
        """Judge the listing, or raise `Refusal`; `keep` files that have been read once."""
        self._keep = keep
        self._limits, self._left = limits, limits.unpacked_bytes
        self._read: dict[str, bytes] = {}
        _check_listing(data, limits)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = self._zip.infolist()
        except _DAMAGED:
            raise Refusal("archive-damaged") from None
        _check(infos, limits)
        self._infos = {
            info.filename: info
            for info in infos
            if not info.is_dir() and not _CLUTTER.search(info.filename)
        }

    @property
    def names(self) -> list[str]:
        """Of its files, without what systems leave behind, in order."""
        return sorted(self._infos)

    def read(self, name: str) -> bytes:
        """One file, never more than all of them may be together."""
        if name in self._read:
            return self._read[name]
        try:
            with self._zip.open(self._infos[name]) as file:
                most = min(self._left, max(self._limits.file_bytes, LIMITS.unpacked_bytes))
                content = file.read(most + 1)
        except _DAMAGED:
            raise Refusal("archive-damaged") from None
        self._left -= len(content)
        if self._left < 0 or len(content) > most:
            raise Refusal("archive-unpacked", most=self._limits.unpacked_bytes / MEGABYTE)
        if content.startswith(b"PK\x03\x04"):
            raise Refusal("archive-nested", name=name)
        if self._keep:
            self._read[name] = content
        return content


def _check_listing(data: bytes, limits: Limits) -> None:
    """Refuse a listing too long to be read."""
    at = data.rfind(_END)
    if at < 0 or len(data) < at + 22:
        raise Refusal("archive-damaged")
    count, size = struct.unpack_from("<HI", data, at + 10)
    if count > limits.members or size > limits.members * _MOST_OF_AN_ENTRY:
        raise Refusal("archive-members", number=count, most=limits.members)


def _check(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.members:
        raise Refusal("archive-members", number=len(infos), most=limits.members)
    seen: set[str] = set()
    for info in infos:
        rule = _fault(info, limits)
        if rule:
            raise Refusal(rule, name=info.orig_filename)
        if info.filename.lower() in seen:
            raise Refusal("archive-twice", name=info.filename)
        seen.add(info.filename.lower())
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise Refusal("archive-unpacked", most=limits.unpacked_bytes / MEGABYTE)


def _fault(info: zipfile.ZipInfo, limits: Limits) -> str:
    """The rule by which a file of an archive is refused; `""`: none."""
    larger = info.file_size > max(info.compress_size, 1) * limits.ratio
    faults = {
        "archive-path": any(map(_OUTSIDE.search, (info.orig_filename, info.filename))),
        "archive-link": stat.S_IFMT(info.external_attr >> 16) not in _ORDINARY,
        "archive-encrypted": bool(info.flag_bits & _ENCRYPTED),
        "archive-packing": info.compress_type not in _PLAIN,
        "archive-nested": info.filename.lower().endswith(_ARCHIVES),
        "archive-ratio": larger and info.file_size > MEGABYTE,
    }
    return next((rule for rule, found in faults.items() if found), "")
