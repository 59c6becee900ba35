"""The outline moved from the mask's edge to the picture's: drawn figures whose edge is known."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from formcheck.pose import Pixels
from formcheck.pose.edges import FARTHEST_MOVE, at_edges
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX

SIZE, MIDDLE, RADIUS, TRUNK_PX = (540, 960), np.array([270.0, 480.0]), np.array([60.0, 300.0]), 200.0
SHIRT, WALL = (40, 90, 160), (170, 160, 140)
FINER = 6
"""Drawn so much larger first, for an edge between the pixels."""
Image = npt.NDArray[np.uint8]


def landmarks(trunk_px: float = TRUNK_PX) -> Pixels:
    """(33, 2) of somebody upright in the middle of the picture."""
    xy = np.tile(MIDDLE.astype(np.float32), (33, 1))
    for side in ("left", "right"):
        xy[INDEX[f"{side}_shoulder"], 1] -= trunk_px / 2
        xy[INDEX[f"{side}_hip"], 1] += trunk_px / 2
    return xy


def edge(outward_px: FloatArray | float = 0.0, n: int = 384) -> FloatArray:
    """(n, 2) an ellipse, each point so far outside the drawn one."""
    turn = np.linspace(0.0, 2 * np.pi, n, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    outward = ring / RADIUS
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    return np.asarray(MIDDLE + RADIUS * ring + outward * np.broadcast_to(outward_px, (n,))[:, None])


def picture(shirt: tuple[int, int, int] = SHIRT, noise: float = 6.0) -> Image:
    """The ellipse before a wall, with soft edges and a camera's noise."""
    large = np.full((FINER * SIZE[1], FINER * SIZE[0], 3), WALL, np.uint8)
    cv2.fillPoly(large, [np.rint((edge() + 0.5) * FINER - 0.5).astype(np.int32)], shirt)
    image = cv2.resize(large, SIZE, interpolation=cv2.INTER_AREA)
    rough = np.random.default_rng(0).normal(0.0, noise, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.8) + rough, 0, 255).astype(np.uint8)


def off_px(outline: Pixels) -> FloatArray:
    """(n,) how far outside the drawn edge each point lies, of those beside the trunk, well inside the part moved."""
    scaled = (outline - MIDDLE) / RADIUS
    far = np.linalg.norm(scaled, axis=1)
    away = (far - 1) * far / np.linalg.norm(scaled / RADIUS, axis=1)
    return np.asarray(away[np.abs(outline[:, 1] - MIDDLE[1]) < 0.6 * TRUNK_PX])


@pytest.mark.parametrize("clockwise", [True, False])
def test_a_mask_that_is_off_is_moved_to_the_edge(clockwise: bool) -> None:
    waves = 1.5 * np.sin(np.linspace(0.0, 12 * np.pi, 384, endpoint=False))
    found = edge(waves)[:: 1 if clockwise else -1].astype(np.float32)
    before, after = off_px(found), off_px(at_edges(picture(), found, landmarks()))
    assert before.std() > 1.0
    assert np.abs(after).max() < 0.4
    assert abs(after.mean()) < 0.15


def test_an_edge_to_two_colours_at_once_is_found_in_both() -> None:
    image = picture(noise=2.0)
    beyond = cv2.inRange(image, (100, 100, 100), (255, 255, 255)) > 0
    beyond[:, : int(MIDDLE[0])] = False
    image[beyond] = (60, 20, 20)
    found = edge(2.0).astype(np.float32)
    assert np.abs(off_px(at_edges(image, found, landmarks()))).max() < 0.8


def test_where_body_and_background_look_alike_the_mask_s_edge_stays() -> None:
    image = picture(shirt=(WALL[0] + 2, WALL[1] - 2, WALL[2] + 2))
    found = edge(1.5).astype(np.float32)
    np.testing.assert_allclose(at_edges(image, found, landmarks()), found, atol=1e-3)


def test_another_edge_farther_off_is_not_taken_for_it() -> None:
    found = edge(2 * FARTHEST_MOVE * TRUNK_PX).astype(np.float32)
    moved = np.linalg.norm(at_edges(picture(), found, landmarks()) - found, axis=1)
    assert moved.max() <= FARTHEST_MOVE * TRUNK_PX + 1e-3
    assert (moved < 1e-3).mean() > 0.95


def test_feet_head_and_hands_far_off_stay() -> None:
    found = edge(2.0).astype(np.float32)
    moved = np.linalg.norm(at_edges(picture(), found, landmarks(100.0)) - found, axis=1) > 1e-6
    height = (MIDDLE[1] + 50.0 - found[:, 1]) / 100.0
    assert moved[np.abs(height) < 0.5].all()
    assert not moved[(height < -0.6) | (height > 1.3)].any()


@pytest.mark.parametrize("trunk_px", [0.0, 12.0, float("nan")])
def test_of_somebody_tiny_or_unseen_nothing_is_moved(trunk_px: float) -> None:
    found = edge(2.0).astype(np.float32)
    assert at_edges(picture(), found, landmarks(trunk_px)) is found


def test_somebody_cut_off_by_the_picture_s_border_is_no_trouble() -> None:
    found = edge(2.0).astype(np.float32) - np.float32([MIDDLE[0], 0.0])
    moved = at_edges(picture()[:, int(MIDDLE[0]) :], found, landmarks() - np.float32([MIDDLE[0], 0.0]))
    assert np.isfinite(moved).all()
    right = moved[:, 0] > 20
    assert np.abs(off_px(moved[right] + np.float32([MIDDLE[0], 0.0]))).max() < 0.6
