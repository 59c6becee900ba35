"""Upright pictures with true times in, H.264 out.

Conventions here: pictures are ``(height, width, 3)`` uint8 RGB arrays, upright and with square pixels; times
are seconds after the clip's first frame, from the container's own timestamps, never ``index / rate``.

A clip comes from anybody, so it is distrusted: only plain local files in a few known containers are opened
(no playlists, no picture series, no network), sizes are checked before a frame is decoded, and whatever
cannot be used is an `InputError` with one of these codes:

========================  =====================================================================
``file_missing``          no such file, or it cannot be read
``empty_file``            zero bytes
``is_a_folder``           a folder, whatever its name ends in
``not_a_video``           another kind of file (text, photo, playlist, pipe ...)
``truncated_beyond_use``  an MP4 or MOV cut off before its table of contents was written
``no_video_stream``       sound only
``unreadable_video``      no frame can be decoded (damaged, encrypted, unknown codec)
``too_few_frames``        fewer than two frames (`check_readable` and an empty `VideoWriter` only)
``too_large``             a side above 8192 or a picture above 40 million pixels
``bad_frame_rate``        fewer than 1 or more than 1000 frames a second on average
========================  =====================================================================
"""

from __future__ import annotations

from formcheck.video.pictures import RgbImage
from formcheck.video.probe import VideoInfo, check_readable, probe
from formcheck.video.read import (
    Frame,
    FrameReader,
    PlanarFrame,
    blank_planar,
    read_frames,
    read_keyframes,
    read_planar,
)
from formcheck.video.repeats import different_share
from formcheck.video.threads import ahead, behind
from formcheck.video.times import FrameTimes
from formcheck.video.write import VideoWriter

__all__ = [
    "Frame",
    "FrameReader",
    "FrameTimes",
    "PlanarFrame",
    "RgbImage",
    "VideoInfo",
    "VideoWriter",
    "ahead",
    "behind",
    "blank_planar",
    "check_readable",
    "different_share",
    "probe",
    "read_frames",
    "read_keyframes",
    "read_planar",
]
