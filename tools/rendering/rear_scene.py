"""Rooms for filming from behind or in front: a treadmill that hides nothing, and a road to run along."""

from __future__ import annotations

import numpy as np
import pyvista as pv

from .room import floor_picture, wall_picture
from .rotations import Array
from .scene import BELT_FRONT, BELT_HALF, BELT_REAR, Scene

FAR_M, HALF_WIDTH_M, ROAD_HALF_M = 34.0, 16.0, 1.6


class RearScene(Scene):
    """The room with a belt; for a camera in front without a console, which would hide the body."""

    def _add_treadmill(self) -> None:
        if self.camera.side == "rear":
            super()._add_treadmill()
            return
        machine, rail = self.room.machine, BELT_HALF + 0.09
        self._add_box((BELT_REAR, BELT_FRONT), (-BELT_HALF, BELT_HALF), (-0.05, -0.0015), (38, 39, 42))
        for sign in (-1, 1):
            edge = tuple(sorted((sign * BELT_HALF, sign * rail)))
            self._add_box((BELT_REAR - 0.06, BELT_FRONT), edge, (-0.10, -0.004), machine)
        self._add_box((BELT_FRONT, BELT_FRONT + 0.12), (-rail, rail), (-0.16, -0.004), machine)
        self._add_marks()

    def _add_lights(self) -> None:
        """A soft ceiling light and one from behind the camera, a little to its side."""
        toward = self.camera.position / np.linalg.norm(self.camera.position[:2])
        warm = 0.06 * self.room.warm
        tint = np.array([1.0, 1.0 - warm * 0.5, 1.0 - warm * 1.5])
        tint = tuple(tint / max(1.0, tint.max()))
        ahead, left = toward[:2], np.array([-toward[1], toward[0]])
        for along, across, high, strength in ((2.4, 1.6, 3.0, 0.5), (2.0, -2.2, 2.2, 0.3), (-2.0, 1.0, 2.6, 0.2)):
            place = (*(along * ahead + across * left), high)
            self._add_light(place, tint, strength)
        self._add_light((0.0, 0.0, 5.0), tint, 0.34)

    def _add_light(self, place: tuple, tint: tuple, strength: float) -> None:
        light = pv.Light(position=place, focal_point=(0, 0, 0.9), color=tint, intensity=strength * self.room.light)
        light.positional = False
        self.plotter.add_light(light)


class RoadScene(RearScene):
    """A path along the running direction with verges, a wall far away, and posts beside it."""

    def _add_room(self) -> None:
        self.reach_m = 2.5 * FAR_M
        ahead = 1.0 if self.camera.side == "rear" else -1.0
        wall = np.array(
            [[FAR_M, HALF_WIDTH_M, 0], [FAR_M, -HALF_WIDTH_M, 0], [FAR_M, -HALF_WIDTH_M, 9], [FAR_M, HALF_WIDTH_M, 9]]
        )
        self._add_picture(wall * [ahead, ahead, 1.0], wall_picture(self.room))
        ground = np.array(
            [[-8, -HALF_WIDTH_M, 0], [FAR_M, -HALF_WIDTH_M, 0], [FAR_M, HALF_WIDTH_M, 0], [-8, HALF_WIDTH_M, 0]]
        )
        self._add_picture(ground * [ahead, 1.0, 1.0] - [0.0, 0.0, 0.004], floor_picture(self.room))
        x = tuple(sorted((-8 * ahead, FAR_M * ahead)))
        self._add_box(x, (-ROAD_HALF_M, ROAD_HALF_M), (-0.01, -0.002), (112, 110, 108), ambient=0.5, diffuse=0.5)

    def _add_treadmill(self) -> None:
        ahead = 1.0 if self.camera.side == "rear" else -1.0
        for i in range(6):
            for y in (-ROAD_HALF_M - 0.5, ROAD_HALF_M + 0.5):
                x = ahead * (1.5 + 5.0 * i)
                self._add_tube([[x, y, 0.0], [x, y, 0.5], [x, y, 1.0]], 0.05, self.room.trim)

    def _move_marks(self, time_s: float) -> None:
        """The ground stays where it is."""

    def _fallen(self, points: Array) -> Array:
        return points - np.outer(points[:, 2], [0.12, 0.05, 0.0])
