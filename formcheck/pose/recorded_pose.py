"""``pose.npz``: a pose track on disk, so that an analysis can be done again without the video."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from formcheck.pose import N_OUTLINE_POINTS
from formcheck.records import InputError, Motion, PoseTrack
from formcheck.skeleton import LANDMARKS

_FORMAT = 1
_MAX_ROWS = 500_000
"""Two hours at 60 frames a second. All other sizes follow from it, up to 1 GB for the outlines of so many."""


def write_pose(track: PoseTrack, path: Path) -> None:
    """Write a track: positions as 32-bit pixels, the outline as whole quarter pixels, compressed."""
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            format=np.array(_FORMAT),
            time_s=track.time_s,
            xy_px=track.xy_px.astype(np.float32),
            visibility=track.visibility.astype(np.float32),
            outline_qpx=track.outline_qpx,
            size_px=np.array([track.width_px, track.height_px]),
            finder=np.array(track.finder),
            people=np.array([track.person, track.n_people]),
            cuts_s=np.array(track.cuts_s),
            moving=np.array(track.camera == "moving"),
            frame_rate_hz=np.array(track.frame_rate_hz or 0.0),
            motion=np.stack([track.motion.time_s, track.motion.travel]) if track.motion else np.empty((2, 0)),
        )


def read_pose(path: Path) -> PoseTrack:
    """Read what ``write_pose`` wrote. Raises InputError ``not_a_pose_file`` for anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(_track(archive))
    except Exception as error:  # zip and number readers raise a dozen kinds for damaged files
        raise InputError("not_a_pose_file", name=path.name) from error


def _track(archive: zipfile.ZipFile) -> PoseTrack:
    """Every array is as long as the times say, and the times are few enough: no small file can fill the memory."""
    _require(int(_array(archive, "format", "i8")) == _FORMAT, "unknown format")
    time_s = _array(archive, "time_s", "f8", range(1, _MAX_ROWS)).astype(np.float64)
    _require(bool(np.isfinite(time_s).all() and time_s[0] >= 0 and (np.diff(time_s) > 0).all()), "times do not run on")
    n = _exactly(len(time_s))
    size_px, people = _array(archive, "size_px", "i8", _exactly(2)), _array(archive, "people", "i8", _exactly(2))
    outline_points = range(N_OUTLINE_POINTS + 1)
    return PoseTrack(
        time_s=time_s,
        xy_px=_array(archive, "xy_px", "f8", n, _exactly(len(LANDMARKS)), _exactly(2)).astype(np.float64),
        visibility=_array(archive, "visibility", "f8", n, _exactly(len(LANDMARKS))).astype(np.float64),
        width_px=int(size_px[0]),
        height_px=int(size_px[1]),
        outline_qpx=_array(archive, "outline_qpx", "i2", n, outline_points, _exactly(2)).astype(np.int16),
        finder=str(_array(archive, "finder", "U4096")),
        person=int(people[0]),
        n_people=int(people[1]),
        cuts_s=tuple(float(t) for t in _array(archive, "cuts_s", "f8", range(2 * len(time_s) + 1))),
        camera="moving" if bool(_array(archive, "moving", "b1")) else "static",
        frame_rate_hz=_frame_rate_hz(archive),
        motion=_motion(archive),
    )


def _frame_rate_hz(archive: zipfile.ZipFile) -> float | None:
    """Files of 0.1.0 have none: there every picture was looked at."""
    if "frame_rate_hz.npy" not in archive.namelist():
        return None
    return float(_array(archive, "frame_rate_hz", "f8")) or None


def _motion(archive: zipfile.ZipFile) -> Motion | None:
    """None where a body was followed, and in files of earlier versions."""
    if "motion.npy" not in archive.namelist():
        return None
    time_s, travel = _array(archive, "motion", "f8", _exactly(2), range(_MAX_ROWS)).astype(np.float64)
    if len(time_s) < 2:
        return None
    _require(bool(np.isfinite(time_s).all() and (np.diff(time_s) > 0).all()), "times of motion do not run on")
    _require(not np.isinf(travel).any(), "infinite motion")
    return Motion(time_s, travel)


def _array(archive: zipfile.ZipFile, name: str, kind: str, *sizes: range) -> npt.NDArray[Any]:
    """An array whose shape lies in ``sizes``; its data are read only once its header is believed.

    ``kind`` is NumPy's letter for numbers or text and the most bytes that one of them may take.
    """
    info = archive.getinfo(f"{name}.npy")
    _require(info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), "packed in a way numpy never does")
    with archive.open(info) as member:
        _require(np.lib.format.read_magic(member) == (1, 0), "unknown array format")
        shape, by_column, dtype = np.lib.format.read_array_header_1_0(member)
        _require(dtype.kind == kind[0] and dtype.itemsize <= int(kind[1:]), f"{name} is of another kind")
        _require(len(shape) == len(sizes), f"{name} has another shape")
        _require(all(size in allowed for size, allowed in zip(shape, sizes, strict=True)), f"{name} has another shape")
        n_bytes = math.prod(shape) * dtype.itemsize
        _require(info.file_size == member.tell() + n_bytes, f"{name} is shorter or longer than it says")
        data = member.read(n_bytes)
    return np.frombuffer(data, dtype).reshape(shape, order="F" if by_column else "C")


def _checked(track: PoseTrack) -> PoseTrack:
    """The track, if all but its times, which were looked at before, keeps what ``PoseTrack`` promises."""
    cuts = np.array(track.cuts_s)
    _require(bool(np.isfinite(cuts).all() and (np.diff(cuts) >= 0).all()), "cuts do not run on")
    _require(not np.isinf(track.xy_px).any(), "infinite positions")
    _require(not ((track.visibility < 0) | (track.visibility > 1)).any(), "visibility outside 0..1")
    _require(track.frame_rate_hz is None or 0 < track.frame_rate_hz < np.inf, "no such frame rate")
    _require(track.width_px > 0 and track.height_px > 0, "a picture of no size")
    _require(1 <= track.person <= track.n_people, "a person who was not seen")
    return track


def _exactly(size: int) -> range:
    return range(size, size + 1)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
