"""A pinhole camera beside the runner. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .rotations import Array


@dataclass(frozen=True)
class Camera:
    """Where the phone stands and how it looks.

    Attributes:
        side: the runner's side it films from ("right": the runner faces right in the picture), "rear" or "front".
        distance_m: from the runner's place on the belt.
        height_m: of the lens above the belt.
        aim_height_m: height of the point in the middle of the picture.
        aim_x_m: that point's place ahead of the runner.
        yaw_deg: how far the camera has walked around the runner, toward the front +.
        roll_deg: turn of the phone, picture content turns counter-clockwise +.
        fov_deg: vertical angle of view.
        width_px, height_px: picture size.
    """

    side: str = "right"
    distance_m: float = 4.0
    height_m: float = 0.95
    aim_height_m: float = 0.9
    aim_x_m: float = 0.0
    yaw_deg: float = 0.0
    roll_deg: float = 0.0
    fov_deg: float = 36.0
    width_px: int = 720
    height_px: int = 1280

    @property
    def facing(self) -> str:
        """Which way the runner faces in the picture."""
        return {"right": "right", "left": "left", "rear": "away", "front": "camera"}[self.side]

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.height_px / 2 / np.tan(np.radians(self.fov_deg) / 2)

    @property
    def target(self) -> Array:
        """World point in the middle of the picture."""
        return np.array([self.aim_x_m, 0.0, self.aim_height_m])

    @property
    def position(self) -> Array:
        """World place of the lens."""
        start = {"right": -90.0, "left": 90.0, "front": 0.0, "rear": 180.0}[self.side]
        toward_front = self.yaw_deg if self.side == "right" else -self.yaw_deg
        angle = np.radians(start + toward_front)
        return np.array(
            [
                self.aim_x_m + self.distance_m * np.cos(angle),
                self.distance_m * np.sin(angle),
                self.height_m,
            ]
        )

    @property
    def axes(self) -> Array:
        """(3, 3) rows: picture right, picture up, viewing direction."""
        ahead = self.target - self.position
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, ahead)
        c, s = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        return np.stack([c * right - s * up, s * right + c * up, ahead])

    def project(self, points: Array) -> Array:
        """Pixels (..., 2) of world points (..., 3): x right, y down, (0, 0) the picture's upper left corner."""
        seen = (points - self.position) @ self.axes.T
        scale = self.focal_px / seen[..., 2]
        x = self.width_px / 2 + seen[..., 0] * scale
        return np.stack([x, self.height_px / 2 - seen[..., 1] * scale], axis=-1)


def fov_for_fill(camera: Camera, person_height_m: float, fill: float) -> float:
    """Vertical angle of view (degrees) at which a person of this height fills this share of the picture height."""
    return float(2 * np.degrees(np.arctan(person_height_m / fill / 2 / camera.distance_m)))
