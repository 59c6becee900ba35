"""The room, the treadmill and the lights; draws posed figures to pictures with PyVista, off screen."""

from __future__ import annotations

import os

os.environ.pop("DISPLAY", None)  # off-screen drawing must not look for a screen
import numpy as np
import pyvista as pv
from PIL import Image

from .body import Body, normals, skin
from .camera import Camera
from .clothes import Part
from .pose import Pose
from .room import FLOOR_Z, Colour, Room, floor_picture, wall_picture
from .rotations import Array, about_z

FLAP_HZ = 5.6
SHIFTS_PX = ((-0.375, -0.125), (0.125, -0.375), (0.375, 0.125), (-0.125, 0.375))
BELT_REAR, BELT_FRONT, BELT_HALF = -0.95, 0.72, 0.25


class Scene:
    """Draws one dressed body in one room through one camera."""

    def __init__(
        self, body: Body, figure: Part, camera: Camera, room: Room, belt_speed_mps: float, finer: float = 0.0
    ) -> None:
        """``finer`` > 0 draws that many times as many pixels each way and averages them: far quicker on a CPU than
        the four samples a pixel of 0; at 1, pictures averaged over one exposure are each shifted by parts of a pixel.
        """
        self.body, self.figure, self.camera, self.room, self.finer = body, figure, camera, room, finer
        self.belt_speed, self.belt_starts_s = belt_speed_mps, 0.0
        self.noise = np.random.default_rng(room.seed)
        self._grain: np.ndarray | None = None
        size = [round(side * (finer or 1.0)) for side in (camera.width_px, camera.height_px)]
        self.plotter = pv.Plotter(off_screen=True, window_size=size, lighting="none")
        if finer:
            self.plotter.disable_anti_aliasing()
        else:
            self.plotter.enable_anti_aliasing("msaa", multi_samples=4)
        self.plotter.set_background(_lighter(room.wall, 0.9))
        self.reach_m = 14.0
        self._add_room()
        self._add_treadmill()
        self._add_person()
        self._add_lights()
        self._set_camera()

    def close(self) -> None:
        """Give back the drawing memory."""
        self.plotter.close()

    # --- what stands still --------------------------------------------------------------------------------------

    def _add_room(self) -> None:
        room = self.room
        wide, top, y = 4.5, 3.4, room.wall_distance_m
        wall = np.array([[-wide, y, FLOOR_Z], [wide, y, FLOOR_Z], [wide, y, top], [-wide, y, top]])
        if self.camera.side in ("rear", "front"):
            wall[:, 1] += 1.2  # the machine reaches farther ahead and behind than to the sides
        corners = wall @ about_z({"right": 0.0, "left": 180.0, "rear": -90.0, "front": 90.0}[self.camera.side]).T
        ground = [[-wide, -4.5, FLOOR_Z], [wide, -4.5, FLOOR_Z], [wide, 4.5, FLOOR_Z], [-wide, 4.5, FLOOR_Z]]
        self._add_picture(corners, wall_picture(room))
        self._add_picture(np.array(ground), floor_picture(room))

    def _add_picture(self, corners: Array, picture: Array) -> None:
        """A rectangle with a picture on it, not shaded: its light is painted in."""
        mesh = pv.PolyData(corners, faces=[4, 0, 1, 2, 3])
        mesh.active_texture_coordinates = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
        texture = pv.Texture(np.ascontiguousarray(picture))
        texture.interpolate, texture.mipmap = True, True
        self.plotter.add_mesh(mesh, texture=texture, lighting=False)

    def _add_box(self, x: tuple, y: tuple, z: tuple, colour: Colour, **kwargs: float) -> None:
        self.plotter.add_mesh(pv.Box((*x, *y, *z)), color=[c / 255 for c in colour], **kwargs)

    def _add_treadmill(self) -> None:
        machine, trim = self.room.machine, self.room.trim
        belt = (38, 39, 42)
        half, rail = BELT_HALF, BELT_HALF + 0.09
        self._add_box((BELT_REAR, BELT_FRONT), (-half, half), (-0.05, -0.0015), belt, ambient=0.5, diffuse=0.5)
        for sign in (-1, 1):
            edge = sorted((sign * half, sign * rail))
            self._add_box((BELT_REAR - 0.06, BELT_FRONT), tuple(edge), (-0.10, -0.004), machine)
            strip = sorted((sign * rail, sign * (rail + 0.004)))
            self._add_box((BELT_REAR - 0.02, BELT_FRONT), tuple(strip), (-0.05, -0.035), trim)
        self._add_box((BELT_REAR - 0.10, BELT_REAR), (-rail, rail), (-0.16, -0.004), machine)
        self._add_box((BELT_REAR + 0.05, BELT_FRONT + 0.2), (-rail + 0.05, rail - 0.05), (-0.18, -0.05), (30, 30, 33))
        self._add_hood(machine, rail)
        for sign in (-1, 1):
            self._add_tube(
                [[0.80, sign * rail, 0.0], [0.90, sign * rail, 0.62], [0.93, sign * rail, 1.10]], 0.03, machine
            )
            self._add_tube(
                [[0.93, sign * rail, 1.02], [0.78, sign * rail, 1.03], [0.66, sign * rail, 1.0]], 0.018, (70, 72, 76)
            )
        self._add_console(rail)
        if self.room.handrail:
            for sign in (-1, 1):
                self._add_handrail(sign * rail)
        if self.room.neighbour:
            self._add_neighbour()
        self._add_marks()

    def _add_handrail(self, y: float) -> None:
        """A rail along the belt at hand height with a post down to the deck, as on many gym machines."""
        grey = (88, 90, 96)
        self._add_tube([[0.93, y, 1.04], [0.55, y, 0.99], [0.05, y, 0.93], [-0.22, y, 0.90]], 0.022, grey)
        self._add_tube([[0.02, y, 0.93], [0.08, y, 0.45], [0.16, y, -0.02]], 0.024, self.room.machine)

    def _add_neighbour(self) -> None:
        """Deck, uprights and rail of another machine on the far side."""
        far = 1.15 if self.camera.side == "right" else -1.15
        machine = tuple(min(255, c + 30) for c in self.room.machine)
        sides = tuple(sorted((far - BELT_HALF, far + BELT_HALF)))
        self._add_box((-1.25, 0.45), sides, (-0.16, -0.01), (70, 72, 78))
        for y in sides:
            self._add_tube([[0.30, y, 0.0], [0.42, y, 0.62], [0.45, y, 1.10]], 0.032, machine)
            self._add_tube([[0.45, y, 1.06], [0.0, y, 0.98], [-0.62, y, 0.92], [-0.70, y, 0.0]], 0.02, (120, 122, 128))
        self._add_box((0.35, 0.62), sides, (1.05, 1.32), machine)

    def _add_hood(self, colour: Colour, rail: float) -> None:
        side = np.array([[0.70, -0.16], [0.70, 0.02], [0.80, 0.10], [0.98, 0.09], [1.08, 0.0], [1.08, -0.16]])
        self._add_prism(side, -rail, rail, colour)

    def _add_console(self, rail: float) -> None:
        side = np.array([[0.80, 1.12], [0.78, 1.16], [0.98, 1.34], [1.02, 1.32], [0.98, 1.10]])
        self._add_prism(side, -rail - 0.02, rail + 0.02, self.room.machine)
        face = np.array([[0.795, -0.2, 1.175], [0.795, 0.2, 1.175], [0.955, 0.2, 1.32], [0.955, -0.2, 1.32]])
        self.plotter.add_mesh(pv.PolyData(face - [0.004, 0, -0.004], faces=[4, 0, 1, 2, 3]), color=(0.15, 0.35, 0.5))

    def _add_prism(self, outline: Array, y0: float, y1: float, colour: Colour) -> None:
        """A side outline (n, 2) of x, z drawn out from y0 to y1."""
        n = len(outline)
        near = np.column_stack([outline[:, 0], np.full(n, y0), outline[:, 1]])
        far = near + np.array([0.0, y1 - y0, 0.0])
        faces = [n, *range(n), n, *range(2 * n - 1, n - 1, -1)]
        for i in range(n):
            k = (i + 1) % n
            faces += [4, i, k, n + k, n + i]
        self.plotter.add_mesh(pv.PolyData(np.vstack([near, far]), faces=faces), color=[c / 255 for c in colour])

    def _add_tube(self, points: list[list[float]], radius: float, colour: Colour) -> None:
        line = pv.Spline(np.array(points), 24).tube(radius=radius, n_sides=18)
        self.plotter.add_mesh(line, color=[c / 255 for c in colour], smooth_shading=True)

    # --- what moves ---------------------------------------------------------------------------------------------

    def _add_marks(self) -> None:
        """Bars printed on the belt, at uneven gaps so that the eye sees the belt run."""
        self._mark_starts = np.array([0.0, 0.62, 0.80, 1.65, 2.30])
        self._belt_loop = 3.1
        self._marks = [
            pv.Plane(i_size=0.06, j_size=1.8 * BELT_HALF, i_resolution=1, j_resolution=1) for _ in self._mark_starts
        ]
        for mark in self._marks:
            self.plotter.add_mesh(mark, color=(0.55, 0.56, 0.58), lighting=False)

    def _move_marks(self, time_s: float) -> None:
        for start, mark in zip(self._mark_starts, self._marks, strict=True):
            x = BELT_FRONT - (start + self.belt_speed * max(0.0, time_s - self.belt_starts_s)) % self._belt_loop
            left, right = np.clip([x - 0.06, x], BELT_REAR, BELT_FRONT)
            points = np.array(mark.points)
            points[:, 0] = np.where(points[:, 0] > points[:, 0].mean(), right, left)
            if right - left < 1e-4:  # on the underside of the belt: out of sight
                points[:, 0] = np.array([0.9, 0.95, 0.9, 0.95])
                points[:, 2] = -0.12
            else:
                points[:, 0] = np.array([left, right, left, right])
                points[:, 2] = -0.0008
            mark.points = points

    def _add_person(self) -> None:
        mesh = pv.PolyData.from_regular_faces(self.figure.mesh.points, self.figure.mesh.faces)
        mesh.point_data["colour"] = self.figure.colour.clip(0, 255).astype(np.uint8)
        mesh.point_data.active_normals = normals(self.figure.mesh.points, self.figure.mesh.faces)
        self._mesh, self._flaps = mesh, bool(self.figure.flap_m.any())
        self.plotter.add_mesh(
            mesh, scalars="colour", rgb=True, smooth_shading=False, interpolation="Phong",
            ambient=0.12, diffuse=0.88, specular=0.08, specular_power=12,
        )  # fmt: skip
        self._shadow, self._shadow_points = _coarse(self.figure.mesh.points, self.figure.mesh.faces)
        self.plotter.add_mesh(self._shadow, color=(0.075, 0.077, 0.082), lighting=False)

    def _move_person(self, pose: Pose) -> None:
        points = skin(self.figure.mesh.points, self.figure.mesh.weights, self.body.transforms(pose))
        outward = normals(points, self.figure.mesh.faces)
        if self._flaps:
            # Cloth swings with the steps: a wave that runs down to the hem.
            phase = 2 * np.pi * (FLAP_HZ * float(pose.time_s[0]) - 2.2 * points[:, 2] + 0.6 * points[:, 1])
            points = points + outward * (self.figure.flap_m * np.sin(phase))[:, None]
        self._mesh.points = points
        self._mesh.point_data.active_normals = outward
        # A flat shadow on the belt from a light high above: opaque, so that overlapping limbs do not add up.
        points = points[self._shadow_points]
        flat = self._fallen(points)
        flat[:, 2] = -0.0004
        self._shadow.points = flat

    def _fallen(self, points: Array) -> Array:
        """Where the shadow of points falls."""
        flat = points.copy()
        flat[:, 0] = np.clip(points[:, 0] - 0.12 * points[:, 2], BELT_REAR, BELT_FRONT)
        flat[:, 1] = np.clip(points[:, 1] * 0.9, -BELT_HALF, BELT_HALF)
        return flat

    # --- light and camera ---------------------------------------------------------------------------------------

    def _add_lights(self) -> None:
        """A soft ceiling light, a strong one from the camera's side and in front, weak ones from behind and below."""
        near = -1.0 if self.camera.side == "right" else 1.0
        warm = 0.06 * self.room.warm
        tint = np.array([1.0, 1.0 - warm * 0.5, 1.0 - warm * 1.5])
        tint = tuple(tint / max(1.0, tint.max()))
        for place, strength in (
            ((1.2, near * 2.6, 3.2), 0.55), ((-2.5, near * 2.2, 2.2), 0.22), ((0.0, 0.0, 5.0), 0.32),
            ((2.0, -near * 2.0, 2.0), 0.18), ((0.5, near * 2.0, -1.5), 0.10), ((-2.0, -near * 2.0, 2.6), 0.16),
        ):  # fmt: skip
            light = pv.Light(position=place, focal_point=(0, 0, 0.9), color=tint, intensity=strength * self.room.light)
            light.positional = False
            self.plotter.add_light(light)

    def _set_camera(self) -> None:
        view = self.plotter.camera
        view.position, view.focal_point = self.camera.position, self.camera.target
        view.up = self.camera.axes[1]
        view.view_angle = self.camera.fov_deg
        view.clipping_range = (0.3, self.reach_m)

    # --- pictures -----------------------------------------------------------------------------------------------

    def draw(self, pose: Pose) -> np.ndarray:
        """Picture (height, width, 3) uint8 of a single pose."""
        self._move_person(pose)
        self._move_marks(float(pose.time_s[0]))
        self.plotter.camera.clipping_range = (0.3, self.reach_m)
        self.plotter.render()
        picture = np.ascontiguousarray(self.plotter.screenshot(return_img=True)[..., :3])
        if self.finer <= 1:
            return picture
        size = (self.camera.width_px, self.camera.height_px)
        return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))

    def expose(self, poses: list[Pose]) -> np.ndarray:
        """Mean picture of several poses within one exposure (motion blur), with sensor noise."""
        pictures = [self._shifted(k, pose) for k, pose in enumerate(poses)]
        picture = pictures[0]
        if len(pictures) > 1:
            total = sum(picture.astype(np.uint16) for picture in pictures)
            picture = ((total + len(pictures) // 2) // len(pictures)).astype(np.uint8)
        return self._noisy(picture) if self.room.noise else picture

    def _noisy(self, picture: np.ndarray) -> np.ndarray:
        """With sensor noise: one large field, read from another place for every picture (drawing it anew is slow)."""
        if self._grain is None:
            shape = (picture.shape[0] + 64, picture.shape[1] + 64, 3)
            self._grain = np.round(self.noise.normal(0.0, self.room.noise, shape)).astype(np.int16)
        row, column = self.noise.integers(0, 64, 2)
        grain = self._grain[row : row + picture.shape[0], column : column + picture.shape[1]]
        return np.clip(picture + grain, 0, 255).astype(np.uint8)

    def _shifted(self, number: int, pose: Pose) -> np.ndarray:
        """Picture of one of several poses, moved by a part of a pixel of its own (which smooths edges for nothing)."""
        if self.finer == 1:
            x, y = SHIFTS_PX[number % len(SHIFTS_PX)]
            self.plotter.camera.SetWindowCenter(2 * x / self.camera.width_px, 2 * y / self.camera.height_px)
        return self.draw(pose)


def _coarse(points: Array, faces: np.ndarray) -> tuple[pv.PolyData, np.ndarray]:
    """A twelfth of the triangles on some of the points, and which points these are: enough for a shadow."""
    mesh = pv.PolyData.from_regular_faces(points, faces)
    mesh.point_data["number"] = np.arange(len(points))
    mesh = mesh.decimate_pro(0.92, preserve_topology=False, splitting=False)
    return mesh, np.asarray(mesh.point_data["number"]).astype(int)


def _lighter(colour: Colour, factor: float) -> list[float]:
    return [min(1.0, c / 255 * factor) for c in colour]
