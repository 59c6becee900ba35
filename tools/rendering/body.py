"""A person of chosen sex, age and build from anny, posed by linear skinning in NumPy.

anny gives the standing mesh, bone heads and skinning weights; torch is not needed after that. Its bone heads are
taken as joint centres with these corrections: the hip centres are moved inward (anny spreads them about 25 cm; the
distance between human hip centres is near a tenth of height) and 2 cm forward (anny has them in the middle of the
buttock-belly depth; by the regression of Harrington 2007 from the front and rear pelvic spines they lie further
forward), and segments run from joint to joint, so that neutral
standing has straight legs under the hips whatever the rest pose of the mesh.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .pose import SIDE_SIGN, SPINE, Dimensions, Pose
from .rotations import Array, about_x, about_z, apply, blend, frame

HIP_HALF_WIDTH_PER_HEIGHT = 0.052
HIP_FORWARD_PER_HEIGHT = 0.012
SOLE_M = 0.026
SHOE_HEEL_M, SHOE_TOE_M = 0.010, 0.012
SOLE_EDGE_M = 0.016  # both ends of the sole curve up over this length
MARK_HEIGHT_M = 0.026  # heel and toe landmarks above the bottom of the shoe
HEEL_MARK_M, TOE_MARK_M = 0.015, 0.030  # and inside its rear and front ends: heel bone and tip of the big toe


@dataclass(frozen=True)
class Build:
    """What the person is like. Shares 0..1 as in anny (gender 0 man, 1 woman; age 0.33 child .. 1 old)."""

    height_cm: float = 170.0
    gender: float = 0.5
    age: float = 0.6
    muscle: float = 0.55
    weight: float = 0.45
    proportions: float = 0.6
    height: float = 0.5


@dataclass
class Mesh:
    """Points (n, 3) standing in anny's rest pose, triangles (m, 3), skinning weights (n, bones)."""

    points: Array
    faces: np.ndarray
    weights: np.ndarray

    def part(self, faces: np.ndarray) -> Mesh:
        """The mesh of some of its triangles, without unused points."""
        used, index = np.unique(faces, return_inverse=True)
        return Mesh(self.points[used], index.reshape(-1, 3), self.weights[used])

    def cut(self, level: Array) -> tuple[Mesh, Mesh]:
        """Part where ``level`` (one value a point) is above 0, and part where it is below, cut on the line."""
        level = np.where(np.abs(level) < 1e-6, 1e-6, level)
        edge = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]])
        edge = np.unique(np.sort(edge, axis=1), axis=0)
        edge = edge[(level[edge[:, 0]] > 0) != (level[edge[:, 1]] > 0)]
        share = (level[edge[:, 0]] / (level[edge[:, 0]] - level[edge[:, 1]]))[:, None]
        mix = [a[edge[:, 0]] * (1 - share) + a[edge[:, 1]] * share for a in (self.points, self.weights)]
        new = {tuple(pair): len(self.points) + i for i, pair in enumerate(edge.tolist())}
        whole = Mesh(np.vstack([self.points, mix[0]]), self.faces, np.vstack([self.weights, mix[1]]))
        above, below = [], []
        for face in self.faces.tolist():
            inside = [level[v] > 0 for v in face]
            if all(inside) or not any(inside):
                (above if inside[0] else below).append(face)
                continue
            lone = next(i for i in range(3) if inside.count(inside[i]) == 1)
            a, b, c = face[lone], face[(lone + 1) % 3], face[(lone + 2) % 3]
            ab, ac = new[min(a, b), max(a, b)], new[min(a, c), max(a, c)]
            tip, rest = ([a, ab, ac], [[ab, b, c], [ab, c, ac]])
            (above if inside[lone] else below).append(tip)
            (below if inside[lone] else above).extend(rest)
        empty = np.zeros((0, 3), int)
        return tuple(whole.part(np.array(faces)) if faces else whole.part(empty) for faces in (above, below))


def normals(points: Array, faces: np.ndarray) -> Array:
    """Unit normals of points (n, 3), area-weighted."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    face_normal = np.cross(b - a, c - a)
    out = np.empty_like(points)
    flat = faces.ravel()
    for axis in range(3):
        out[:, axis] = np.bincount(flat, np.repeat(face_normal[:, axis], 3), len(points))
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


_MODEL: list = []


def _rest(build: Build) -> tuple[Array, np.ndarray, Array, np.ndarray, list[str], list[int]]:
    """Points, triangles, bone heads, weights, labels, parents in world axes, not yet scaled."""
    import anny
    import torch

    if not _MODEL:
        _MODEL.append(anny.Anny(pose_parameterization="world-orient"))
    model = _MODEL[0]
    shape = {k: getattr(build, k) for k in ("gender", "age", "muscle", "weight", "proportions", "height")}
    with torch.no_grad():
        out = model(phenotype_kwargs=shape)
    # anny faces -Y with its left at +X; here the runner faces +X with the left at +Y.
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    points = out["rest_vertices"][0].numpy().astype(float) @ turn.T
    heads = out["rest_bone_heads"][0].numpy().astype(float) @ turn.T
    index, value = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
    weights = np.zeros((len(points), len(model.bone_labels)))
    np.add.at(weights, (np.arange(len(points))[:, None], index), value)
    parents = [int(p) for p in model.bone_parents]
    return points, model.faces.numpy(), heads, weights, list(model.bone_labels), parents


@dataclass
class Body:
    """A standing person that can be posed.

    Attributes:
        mesh: bare skin in anny's rest pose, scaled to the height asked for.
        heads: (bones, 3) where each bone turns, rest pose. Two bones are added per body: the shoes' toe caps.
        labels, parents: bone names and parents (-1 for the root), parents always earlier in ``order``.
        dimensions: lengths for kinematics and truth.
        neutral: per bone label group, rotation from rest pose to neutral standing.
    """

    build: Build
    mesh: Mesh
    heads: Array
    labels: list[str]
    parents: list[int]
    dimensions: Dimensions
    neutral: dict[str, Array]
    order: list[int] = field(default_factory=list)

    def index(self, label: str) -> int:
        """Number of a bone."""
        return self.labels.index(label)

    def head_of(self, label: str) -> Array:
        """Rest position (3,) of a bone's head."""
        return self.heads[self.index(label)]

    def transforms(self, pose: Pose) -> tuple[Array, Array]:
        """Rotation (bones, 3, 3) and translation (bones, 3) for the single pose given."""
        turn = {name: matrix[0] for name, matrix in pose.rotation.items()}
        rotation = np.stack([self._bone_rotation(label, turn) for label in self.labels])
        place = np.zeros((len(self.labels), 3))
        for bone in self.order:
            parent = self.parents[bone]
            if parent < 0:
                place[bone] = pose.pelvis_m[0]
            else:
                place[bone] = place[parent] + rotation[parent] @ (self.heads[bone] - self.heads[parent])
        return rotation, place - np.einsum("bij,bj->bi", rotation, self.heads)

    def _bone_rotation(self, label: str, turn: dict[str, Array]) -> Array:
        """World rotation of one bone against the rest pose."""
        name, _, tag = label.partition(".")
        side = {"L": "left_", "R": "right_"}.get(tag, "")
        limb = _segment_of(name)
        if limb == "neck":
            share = {"neck01": 0.3, "neck02": 0.55, "neck03": 0.8}[name]
            return blend(turn["spine5"], turn["head"], share)
        if limb == "shoulder":
            if f"{side}{name}" in turn:  # the girdle's own turn, where the motion gives one
                return turn[f"{side}{name}"]
            arm = turn[f"{side}upper_arm"] @ self.neutral[f"{side}upper_arm"]
            return blend(turn["spine5"], arm, {"clavicle": 0.06, "shoulder01": 0.22}[name])
        if limb == "finger":
            return turn[f"{side}hand"] @ self.neutral[label]
        if limb == "forearm_twist":
            half = blend(self.neutral[f"{side}forearm"], self.neutral[f"{side}hand"], 0.5)
            return turn[f"{side}forearm"] @ half
        if limb in SPINE or limb in ("pelvis", "head"):
            return turn[limb]
        return turn[f"{side}{limb}"] @ self.neutral[f"{side}{limb}"]


_SEGMENTS = {
    "root": "pelvis", "pelvis": "pelvis", "upperleg01": "thigh", "upperleg02": "thigh", "lowerleg01": "shank",
    "lowerleg02": "shank", "foot": "foot", "spine05": "spine1", "spine04": "spine2", "spine03": "spine3",
    "spine02": "spine4", "spine01": "spine5", "clavicle": "shoulder", "shoulder01": "shoulder",
    "upperarm01": "upper_arm", "upperarm02": "upper_arm", "lowerarm01": "forearm", "lowerarm02": "forearm_twist",
    "wrist": "hand", "head": "head", "eye": "head", "shoecap": "toes",
}  # fmt: skip


def _segment_of(name: str) -> str:
    if name in _SEGMENTS:
        return _SEGMENTS[name]
    for start, segment in (("toe", "toes"), ("finger", "finger"), ("metacarpal", "hand"), ("neck", "neck")):
        if name.startswith(start):
            return segment
    raise KeyError(name)


def make_body(build: Build) -> Body:
    """Build a person: mesh from anny, joint centres, lengths, neutral standing."""
    points, faces, heads, weights, labels, parents = _rest(build)
    where = {label: i for i, label in enumerate(labels)}
    hip_z = heads[where["upperleg01.L"], 2]
    leg = _leg_lengths(heads, where)
    ankle_height = heads[where["foot.L"], 2] - points[:, 2].min()
    standing = points[:, 2].max() - hip_z + sum(leg) + ankle_height
    scale = build.height_cm / 100.0 / standing
    points, heads = points * scale, heads * scale
    half = HIP_HALF_WIDTH_PER_HEIGHT * build.height_cm / 100.0
    for side, tag in (("left", "L"), ("right", "R")):
        heads[where[f"upperleg01.{tag}"], 1] = SIDE_SIGN[side] * half
        heads[where[f"upperleg01.{tag}"], 0] += HIP_FORWARD_PER_HEIGHT * build.height_cm / 100.0
        # The second thigh bone belongs to the same rigid thigh: it turns about the hip too.
        heads[where[f"upperleg02.{tag}"]] = heads[where[f"upperleg01.{tag}"]]
    middle = (heads[where["upperleg01.L"]] + heads[where["upperleg01.R"]]) / 2
    points, heads = points - middle, heads - middle
    heads[where["root"]] = 0.0
    for tag in ("L", "R"):
        labels.append(f"shoecap.{tag}")
        parents.append(where[f"foot.{tag}"])
        where[labels[-1]] = len(labels) - 1
    weights = np.hstack([weights, np.zeros((len(weights), 2))])
    dimensions, ball = _dimensions(points, heads, where, build)
    heads = np.vstack([heads, ball["left"], ball["right"]])
    neutral = _neutral(heads, where, labels)
    body = Body(build, Mesh(points, faces, weights), heads, labels, parents, dimensions, neutral)
    body.order = _parents_first(parents)
    return body


def _parents_first(parents: list[int]) -> list[int]:
    order: list[int] = []
    while len(order) < len(parents):
        order += [i for i, p in enumerate(parents) if i not in order and (p < 0 or p in order)]
    return order


def _leg_lengths(heads: Array, where: dict[str, int]) -> tuple[float, float]:
    hip, knee, ankle = (heads[where[f"{b}.L"]] for b in ("upperleg01", "lowerleg01", "foot"))
    return float(np.linalg.norm(knee - hip)), float(np.linalg.norm(ankle - knee))


def foot_axes(heads: Array, where: dict[str, int], tag: str) -> Array:
    """(3, 3) turn about Z that brings a rest foot to point straight ahead."""
    ankle, toe = heads[where[f"foot.{tag}"]], heads[where[f"toe2-3.{tag}"]]
    return about_z(-np.degrees(np.arctan2(toe[1] - ankle[1], toe[0] - ankle[0])))


def _dimensions(
    points: Array, heads: Array, where: dict[str, int], build: Build
) -> tuple[Dimensions, dict[str, Array]]:
    """Lengths from the rest mesh, and the rest place of each shoe's bending line (on the sole)."""

    def h(label: str) -> Array:
        return heads[where[label]]

    thigh, shank = _leg_lengths(heads, where)
    ankle = h("foot.L")
    straight = foot_axes(heads, where, "L")
    floor, rear, front = _shoe_ends(points, ankle, straight)
    ball_x = float((straight @ (h("toe2-1.L") - ankle))[0]) - 0.005
    chest, neck, head = h("spine01"), h("neck01"), h("head")
    ball = {
        side: h(f"foot.{tag}") + apply(foot_axes(heads, where, tag).T, np.array([ball_x, 0.0, floor]))
        for side, tag in (("left", "L"), ("right", "R"))
    }
    return (
        Dimensions(
            height=build.height_cm / 100.0,
            hip_half_width=float(h("upperleg01.L")[1]),
            thigh=thigh,
            shank=shank,
            ankle_height=float(-floor),
            heel_x=float(rear + SOLE_EDGE_M),
            ball_x=ball_x,
            toe_x=float(front - SOLE_EDGE_M),
            heel_mark=np.array([rear + HEEL_MARK_M, 0.0, floor + MARK_HEIGHT_M]),
            toe_mark=np.array([front - TOE_MARK_M, 0.0, floor + MARK_HEIGHT_M]),
            spine=np.stack([h(f"spine0{i}") for i in (5, 4, 3, 2, 1)]),
            shoulder=h("upperarm01.L") - chest,
            neck=neck - chest,
            head=head - neck,
            nose=_nose(points, h("eye.L")) * [1, 0, 1] - head * [1, 0, 1],
            upper_arm=float(np.linalg.norm(h("lowerarm01.L") - h("upperarm01.L"))),
            forearm=float(np.linalg.norm(h("wrist.L") - h("lowerarm01.L"))),
        ),
        ball,
    )


def _shoe_ends(points: Array, ankle: Array, straight: Array) -> tuple[float, float, float]:
    """Sole, heel and toe of the left shoe from its ankle in the foot's own axes: up, ahead, ahead."""
    foot = (points[(points[:, 2] < ankle[2]) & (points[:, 1] > 0)] - ankle) @ straight.T
    return foot[:, 2].min() - SOLE_M, foot[:, 0].min() - SHOE_HEEL_M, foot[:, 0].max() + SHOE_TOE_M


def _nose(points: Array, eye: Array) -> Array:
    """The foremost point between the eyes' height and 7 cm below."""
    face = points[np.abs(points[:, 1]) < 0.02]
    face = face[(face[:, 2] > eye[2] - 0.07) & (face[:, 2] < eye[2])]
    return face[np.argmax(face[:, 0])]


def _neutral(heads: Array, where: dict[str, int], labels: list[str]) -> dict[str, Array]:
    """Rotations that take each limb of the rest pose to neutral standing."""
    out: dict[str, Array] = {}
    left_axis = np.array([0.0, 1.0, 0.0])
    for side, tag in (("left", "L"), ("right", "R")):

        def h(label: str, tag: str = tag) -> Array:
            return heads[where[f"{label}.{tag}"]]

        out[f"{side}_thigh"] = frame(h("lowerleg01") - h("upperleg01"), left_axis).T
        out[f"{side}_shank"] = frame(h("foot") - h("lowerleg01"), left_axis).T
        out[f"{side}_foot"] = out[f"{side}_toes"] = foot_axes(heads, where, tag)
        upper, lower = h("lowerarm01") - h("upperarm01"), h("wrist") - h("lowerarm01")
        hinge = -np.cross(upper, lower)  # the elbow's axis points left when the forearm bends forward
        out[f"{side}_upper_arm"] = frame(upper, hinge).T
        out[f"{side}_forearm"] = frame(lower, hinge).T
        out |= _hand(h, side, tag, labels, lower)
    return out


def _hand(h, side: str, tag: str, labels: list[str], lower: Array) -> dict[str, Array]:
    """Neutral of the hand (thumb side forward, palm inward) and of a loosely curled fist, from the rest pose."""
    knuckles = h("finger2-1") - h("finger5-1")  # little finger to index: forward in neutral standing
    palm_down = (h("finger3-1") - h("wrist")) / np.linalg.norm(h("finger3-1") - h("wrist"))
    z = -palm_down
    x = knuckles - (knuckles @ z) * z
    x /= np.linalg.norm(x)
    hand = np.stack([x, np.cross(z, x), z], axis=1).T
    out = {f"{side}_hand": hand}
    inward = -SIDE_SIGN[side]
    for label in labels:
        if label.startswith("finger") and label.endswith(tag):
            finger, joint = int(label[6]), int(label[8])
            curl = {1: 12.0, 2: 55.0, 3: 60.0, 4: 63.0, 5: 65.0}[finger] * {1: 0.8, 2: 1.9, 3: 2.4}[joint]
            if finger == 1:
                curl = 14.0 * joint
            # Fingers bend toward the palm, that is toward the body: about the forward axis.
            out[label] = about_x(inward * curl) @ hand
    return out


def skin(points: Array, weights: np.ndarray, transforms: tuple[Array, Array]) -> Array:
    """Posed points (n, 3): linear blend of the bones' transforms."""
    rotation, translation = transforms
    mixed = weights @ np.concatenate([rotation.reshape(-1, 9), translation], axis=1).astype(weights.dtype)
    return np.einsum("nij,nj->ni", mixed[:, :9].reshape(-1, 3, 3), points) + mixed[:, 9:]
