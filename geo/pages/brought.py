"""The files a reader has brought: made one, once, and given back when they are no longer needed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.errors import StoreError
from geo.languages import message

MEGABYTE = 1_000_000
MOST = 250 * MEGABYTE  # of all files together: they are kept in memory while they are looked at
MOST_PACKED = 100  # MB of one file, which then is a series: `server.maxUploadSize` lets it through

_KEPT = "uploads brought"
_TOO_MUCH = message(
    "Together these files have {size} MB; the most is {most} MB. Bring them as a ZIP, or fewer of "
    "them."
)


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What was brought, as one file.

    Attributes
    ----------
    data, filename
        The file itself; several as a ZIP, the same bytes for the same files.
    sha256
        Of `data`, in hex.
    """

    data: bytes
    filename: str
    sha256: str


def one(files: Sequence[UploadedFile]) -> Brought:
    """Make one of what was brought, or find it made: this page runs again at every click.

    Raises
    ------
    StoreError
        They are too many to be held in memory.
    """
    ids = tuple(file.file_id for file in files)
    kept: tuple[tuple[str, ...], Brought] | None = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == ids:
        return kept[1]
    size = sum(file.size for file in files)
    if size > MOST:
        told = {"size": round(size / MEGABYTE), "most": MOST // MEGABYTE}
        raise StoreError(_TOO_MUCH, **told)
    data, filename = files[0].getvalue(), files[0].name
    if len(files) > 1:
        data, filename = _packed([(file.name, file.getvalue()) for file in files]), "files.zip"
    made = Brought(data, filename, hashlib.sha256(data).hexdigest())
    st.session_state[_KEPT] = (ids, made)
    return made


def still() -> Brought | None:
    """What was brought last, if it was not forgotten."""
    kept: tuple[tuple[str, ...], Brought] | None = st.session_state.get(_KEPT)
    return kept[1] if kept else None


def forget() -> None:
    """Give back the memory of what was brought: Streamlit keeps it as long as the page is open."""
    ids, _ = st.session_state.pop(_KEPT, ((), None))
    context = get_script_run_ctx()
    if context is None:
        return
    manager = context.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        for file_id in ids:
            manager.remove_file(session_id=context.session_id, file_id=file_id)


def _packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in sorted(files):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=1)
    return made.getvalue()
