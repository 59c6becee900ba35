"""A room to exercise in: floor at 0, wall, mat, chair, towel; no treadmill. Drawn with PyVista, off screen."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .body import Body, normals, skin
from .camera import Camera
from .clothes import Part
from .pose import Pose, joints
from .props import Props
from .room import FLOOR_Z, Colour, Room, floor_picture, wall_picture
from .rotations import Array, about_z
from .scene import Scene

SHADOW_M = 0.0015
NOBODY: Colour = (255, 0, 255)
"""Drawn where only what lies behind everybody is to be seen."""


class GymScene(Scene):
    """Draws one dressed body exercising on the floor."""

    def __init__(self, body: Body, figure: Part, camera: Camera, room: Room, props: Props, finer: float = 1.0) -> None:
        self.props = props
        self.belly_m = 0.0
        self._rest = figure.mesh.points
        self._belly = _belly_share(body, figure)
        self._backdrop: Array | None = None
        super().__init__(body, figure, camera, room, 0.0, finer)

    # --- what stands still --------------------------------------------------------------------------------------

    def _add_room(self) -> None:
        room, wide, top = self.room, 4.5, 3.4
        y = room.wall_distance_m + (1.4 if self.camera.side in ("rear", "front") else 0.0)
        wall = np.array([[-wide, y, 0.0], [wide, y, 0.0], [wide, y, top], [-wide, y, top]])
        corners = wall @ about_z({"right": 0.0, "left": 180.0, "rear": -90.0, "front": 90.0}[self.camera.side]).T
        ground = [[-wide, -4.5, 0.0], [wide, -4.5, 0.0], [wide, 4.5, 0.0], [-wide, 4.5, 0.0]]
        picture = wall_picture(room)
        kept = round(len(picture) * top / (top - FLOOR_Z))  # the picture reaches below this room's floor
        self._add_picture(corners, picture[:kept])
        self._add_picture(np.array(ground), _even(floor_picture(room)))
        if self.props.mat:
            x0, x1, y0, y1 = self.props.mat
            self._add_box((x0, x1), (y0, y1), (-0.004, 0.0008), self.props.mat_colour, ambient=0.45, diffuse=0.5)
        if self.props.things:
            self._add_things()
        self._behind = list(self.plotter.actors.values())

    def _add_treadmill(self) -> None:
        """Chair, wall and other boxes in the treadmill's stead."""
        props = self.props
        for x, y, z, colour in props.boxes:
            self._add_box(x, y, z, colour, ambient=0.25, diffuse=0.7)
        if props.towel:
            self._towel = [self._new_rod(), self._new_rod()]

    def _add_things(self) -> None:
        import pyvista as pv

        far = 1.15 if self.camera.side in ("right", "front") else -1.15
        turn = about_z(90.0 if self.camera.side == "front" else 0.0)
        for place, radius, colour in (
            ((-1.3, far, 0.32), 0.32, (190, 90, 120)),
            ((1.5, far, 0.12), 0.12, (60, 60, 66)),
        ):
            self.plotter.add_mesh(
                pv.Sphere(radius=radius, center=turn @ np.array(place)), color=[c / 255 for c in colour]
            )

    def _new_rod(self):
        import pyvista as pv

        rod = pv.Cylinder(radius=1.0, height=1.0, resolution=10, capping=False)
        shape = np.array(rod.points)
        rod.points = shape * 0.01 - np.array([0.0, 0.0, 50.0])
        self.plotter.add_mesh(rod, color=(0.85, 0.84, 0.78))
        return rod, shape

    # --- pictures -----------------------------------------------------------------------------------------------

    def draw(self, pose: Pose) -> np.ndarray:
        """Picture of a single pose. What lies behind everybody is drawn once: that halves the cost."""
        self.plotter.camera.clipping_range = (0.3, 14.0)
        if self._backdrop is None:
            for somebody in (self._mesh, self._shadow):
                somebody.points = np.array(somebody.points) - np.array([0.0, 0.0, 50.0])
            self._backdrop = self._shot()
            for actor in self._behind:
                actor.SetVisibility(False)
            self.plotter.set_background([c / 255 for c in NOBODY])
        self._move_person(pose)
        picture = self._shot()
        nobody = (picture == np.array(NOBODY, np.uint8)).all(axis=2)
        picture[nobody] = self._backdrop[nobody]
        if self.finer <= 1:
            return picture
        size = (self.camera.width_px, self.camera.height_px)
        return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))

    def _shot(self) -> np.ndarray:
        self.plotter.render()
        return np.ascontiguousarray(self.plotter.screenshot(return_img=True)[..., :3])

    # --- what moves ---------------------------------------------------------------------------------------------

    def _move_marks(self, time_s: float) -> None:
        """No belt."""

    def _add_marks(self) -> None:
        """No belt."""

    def _move_person(self, pose: Pose) -> None:
        rest = self._rest
        if self.belly_m:
            rest = rest - self.belly_m * self._belly[:, None] * np.array([1.0, 0.0, 0.0])
        points = skin(rest, self.figure.mesh.weights, self.body.transforms(pose))
        outward = normals(points, self.figure.mesh.faces)
        self._mesh.points = points
        self._mesh.point_data.active_normals = outward
        flat = points[self._shadow_points].copy()
        flat[:, 0] -= 0.10 * flat[:, 2]
        flat[:, 2] = SHADOW_M
        self._shadow.points = flat
        if self.props.towel:
            self._move_towel(pose)

    def _move_towel(self, pose: Pose) -> None:
        at = joints(pose, self.body.dimensions)
        foot = self.props.towel
        sole = (at[f"{foot}_ball"][0] + at[f"{foot}_foot_index"][0]) / 2
        for (rod, shape), side in zip(self._towel, ("left", "right"), strict=True):
            rod.points = _stretched(shape, at[f"{side}_wrist"][0], sole)


def _stretched(shape: Array, start: Array, end: Array, radius_m: float = 0.012) -> Array:
    """A unit cylinder along X moved to lie between two points."""
    along = end - start
    length = np.linalg.norm(along)
    x = along / length
    y = np.cross([0.0, 0.0, 1.0], x)
    y /= max(np.linalg.norm(y), 1e-9)
    axes = np.stack([x * length, y * radius_m, np.cross(x, y) * radius_m], axis=1)
    return (start + end) / 2 + shape @ axes.T


def _belly_share(body: Body, figure: Part) -> Array:
    """(n,) 0..1 how much each point goes with the front of the belly."""
    p, size = figure.mesh.points, body.dimensions.height / 1.7
    high = np.exp(-(((p[:, 2] - 0.12 * size) / (0.085 * size)) ** 2))
    front = np.clip((p[:, 0] - 0.0) / (0.09 * size), 0, 1)
    arms = figure.mesh.weights[
        :, [i for i, n in enumerate(body.labels) if n.startswith(("lowerarm", "wrist", "meta", "finger", "upperarm"))]
    ].sum(axis=1)
    return high * front**0.7 * np.clip(1 - ((p[:, 1]) / (0.17 * size)) ** 2, 0, 1) * (arms < 0.2)


def _even(picture: Array) -> Array:
    """The floor without the shade a treadmill throws in its middle."""
    edge = picture[:, : picture.shape[1] // 4]
    return np.ascontiguousarray(np.concatenate([edge, edge[:, ::-1], edge, edge[:, ::-1]], axis=1))
