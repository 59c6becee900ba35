"""``pose.npz``: what is written is read again; whatever else it is given is refused in one way."""

from __future__ import annotations

import io
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import Runner, lost

from formcheck.pose.recorded_pose import read_pose, write_pose
from formcheck.records import InputError, PoseTrack


def _pose() -> PoseTrack:
    pose = Runner(duration_s=2).pose()
    outline = np.random.default_rng(0).integers(0, 4000, (len(pose.time_s), 16, 2)).astype(np.int16)
    whole = replace(pose, outline_qpx=outline, finder="mediapipe test 日本", person=2, n_people=3, cuts_s=(0.5, 1.25))
    return lost(whole, np.arange(len(pose.time_s)) % 10 == 3)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "pose.npz"
    write_pose(_pose(), path)
    return path


def test_round_trip(written: Path) -> None:
    before, after = _pose(), read_pose(written)
    np.testing.assert_array_equal(after.time_s, before.time_s)
    np.testing.assert_allclose(after.xy_px, before.xy_px, atol=1e-3)
    np.testing.assert_allclose(after.visibility, before.visibility, atol=1e-6)
    np.testing.assert_array_equal(after.outline_qpx, before.outline_qpx)
    for name in ("width_px", "height_px", "finder", "person", "n_people", "cuts_s"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.time_s.dtype, after.xy_px.dtype, after.outline_qpx.dtype) == (np.float64, np.float64, np.int16)


def test_a_second_round_trip_changes_nothing(written: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.npz"
    write_pose(read_pose(written), again)
    np.testing.assert_array_equal(read_pose(again).xy_px, read_pose(written).xy_px)


def _arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as file:
        return dict(file)


def _without(name: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        arrays = _arrays(path)
        del arrays[name]
        np.savez_compressed(path, **arrays)

    return damage


def _with(**changed: object) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        np.savez_compressed(path, **{**_arrays(path), **{k: np.asarray(v) for k, v in changed.items()}})

    return damage


def _claim_petabytes(path: Path) -> None:
    """A header that promises an array far larger than any memory, in a file of a few hundred bytes."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**7, 33, 10**7)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xy_px.npy", header.getvalue())


def _bomb(path: Path) -> None:
    """Fifty million equal numbers, packed a thousandfold: 400 MB of memory out of a small file."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (5 * 10**7,)})
    arrays = _arrays(path)
    np.savez_compressed(path, **{name: a for name, a in arrays.items() if name != "time_s"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("time_s.npy", "w") as member:
        member.write(header.getvalue())
        block = b"\0" * 8_000_000
        for _ in range(50):
            member.write(block)


def _repack(path: Path, how: int) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def _shorten(path: Path) -> None:
    """The table of contents says one time fewer than there is."""
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("time_s.npy").file_size
    whole = path.read_bytes()
    at = whole.rindex(b"time_s.npy") - 46  # where that table's entry begins; the size stands 24 bytes behind
    assert whole[at + 24 : at + 28] == size.to_bytes(4, "little")
    path.write_bytes(whole[: at + 24] + (size - 8).to_bytes(4, "little") + whole[at + 28 :])


class _Evil:
    """Runs when unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("unpickled"),))


def _cut(share: float) -> Callable[[Path], None]:
    return lambda path: (path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)]), None)[1]


HOSTILE: dict[str, Callable[[Path], object]] = {
    "text": lambda p: p.write_text("time_s,xy_px\n0,1\n"),
    "empty": lambda p: p.write_bytes(b""),
    "random bytes": lambda p: p.write_bytes(np.random.default_rng(0).bytes(5000)),
    "cut in the middle": _cut(0.5),
    "cut at the end": _cut(0.98),
    "zip without arrays": lambda p: zipfile.ZipFile(p, "w").writestr("readme.txt", "hello"),
    "bare array": lambda p: np.save(p.open("wb"), np.zeros(5)),
    "pickle": lambda p: p.write_bytes(pickle.dumps(_Evil())),
    "object array": lambda p: np.savez(p, format=1, time_s=np.array([_Evil()], dtype=object)),
    "no positions": _without("xy_px"),
    "no format": _without("format"),
    "later format": _with(format=99),
    "claims petabytes": _claim_petabytes,
    "zip bomb": _bomb,
    "positions of another shape": _with(xy_px=np.zeros((3, 5))),
    "fewer positions than times": _with(xy_px=np.zeros((4, 33, 2))),
    "fewer visibilities than times": _with(visibility=np.zeros((4, 33))),
    "times as words": _with(time_s=np.array(["a", "b"])),
    "times that run backward": _with(time_s=np.linspace(2.0, 0.0, 120)),
    "times that stand still": _with(time_s=np.zeros(120)),
    "times that are not numbers": _with(time_s=np.full(120, np.nan)),
    "no size": _with(size_px=np.zeros(0)),
    "size of nothing": _with(size_px=np.array([0, 0])),
    "size that is not whole": _with(size_px=np.array([720.0, 1280.5])),
    "outline of another length": _with(outline_qpx=np.zeros((4, 16, 2), dtype=np.int16)),
    "outline of countless points": _with(outline_qpx=np.zeros((120, 100_000, 2), dtype=np.int16)),
    "outline of wide numbers": _with(outline_qpx=np.zeros((120, 16, 2), dtype=np.int64)),
    "no times": _with(time_s=np.zeros(0)),
    "times before the clip": _with(time_s=np.linspace(-1.0, 1.0, 120)),
    "endless times": _with(time_s=np.r_[np.arange(119.0), np.inf]),
    "cuts that run backward": _with(cuts_s=np.array([1.0, 0.5])),
    "infinite positions": _with(xy_px=np.full((120, 33, 2), np.inf)),
    "more than visible": _with(visibility=np.full((120, 33), 1.5)),
    "a person who was not seen": _with(people=np.array([3, 2])),
    "a book for a finder": _with(finder=np.array("x" * 100_000)),
    "packed another way": lambda p: _repack(p, zipfile.ZIP_LZMA),
    "says less than it holds": _shorten,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_in_one_way(
    kind: str, written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    HOSTILE[kind](written)
    with pytest.raises(InputError) as refused:
        read_pose(written)
    assert refused.value.code == "not_a_pose_file"
    assert refused.value.details["name"] == "pose.npz"
    assert not (tmp_path / "unpickled").exists()


@pytest.mark.parametrize("name", ["missing.npz", "."])
def test_no_file_at_all_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_pose(tmp_path / name)
    assert refused.value.code == "not_a_pose_file"


def test_a_damaged_byte_is_refused_or_harmless(written: Path) -> None:
    """Any one byte flipped: the checksums catch it, or it was one that does not matter."""
    whole = written.read_bytes()
    rng = np.random.default_rng(1)
    for at in rng.integers(0, len(whole), 60):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        written.write_bytes(bytes(damaged))
        assert _shape_or_code(written) in ((120, 33, 2), "not_a_pose_file")


def test_refusing_a_bomb_takes_no_memory(written: Path) -> None:
    _bomb(written)
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            read_pose(written)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_packed_or_not_it_is_read(how: int, written: Path) -> None:
    before = read_pose(written)
    _repack(written, how)
    np.testing.assert_array_equal(read_pose(written).outline_qpx, before.outline_qpx)


def test_what_is_read_can_be_written_to(written: Path) -> None:
    track = read_pose(written)
    assert all(array.flags.writeable for array in (track.time_s, track.xy_px, track.visibility, track.outline_qpx))


def _shape_or_code(path: Path) -> tuple[int, ...] | str:
    try:
        return read_pose(path).xy_px.shape
    except InputError as refused:
        return refused.code
