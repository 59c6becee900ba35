"""``pose.npz``: a pose track on disk, so that an analysis can be done again without the video."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from formcheck.records import InputError, PoseTrack

_FORMAT = 1


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
        )


def read_pose(path: Path) -> PoseTrack:
    """Read what ``write_pose`` wrote. Raises InputError ``not_a_pose_file`` for anything else."""
    try:
        with np.load(path, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files}
        if int(stored["format"]) != _FORMAT:
            raise ValueError("unknown format")
        return PoseTrack(
            time_s=stored["time_s"].astype(np.float64),
            xy_px=stored["xy_px"].astype(np.float64),
            visibility=stored["visibility"].astype(np.float64),
            width_px=int(stored["size_px"][0]),
            height_px=int(stored["size_px"][1]),
            outline_qpx=stored["outline_qpx"].astype(np.int16),
            finder=str(stored["finder"]),
            person=int(stored["people"][0]),
            n_people=int(stored["people"][1]),
            cuts_s=tuple(float(t) for t in stored["cuts_s"]),
            camera="moving" if bool(stored["moving"]) else "static",
        )
    except (OSError, ValueError, KeyError, IndexError, EOFError) as error:
        raise InputError("not_a_pose_file", name=path.name) from error
