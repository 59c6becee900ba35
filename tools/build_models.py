"""Make models/pose_landmarker_{lite,full,heavy}.task from two public packages.

The mediapipe 1.x wheel carries no model, so the networks are taken from an older wheel (person detector) and
from an npm package (three sizes of landmark network). Both are Apache-2.0, by Google. MediaPipe's Tasks API
refuses these networks as they are: each needs TFLite metadata that says how its input picture is normalised.
This tool adds that metadata, zips detector and landmark network into a bundle, tries each bundle with
segmentation masks on, and writes SHA256SUMS and the pose part of SOURCES.md.

    python tools/build_models.py                  # download both packages, build all three
    python tools/build_models.py --sources DIR    # use packages already downloaded into DIR

Every source network is checked against a pinned sha256, and the bundles come out byte for byte the same on
every run. Without npm only the `full` model can be made (the wheel holds that network too).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flatbuffers
import mediapipe as mp
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema
from mediapipe.tasks.python import BaseOptions, vision

MODELS_DIR = Path(__file__).resolve().parent.parent / "models"

WHEEL_PACKAGE, WHEEL_VERSION = "mediapipe", "0.10.21"
NPM_PACKAGE, NPM_VERSION = "@mediapipe/pose", "0.5.1675469404"
# Networks are the same in every wheel; one tag is named so that the download works on any machine and Python.
WHEEL_TAG = [
    "--platform",
    "manylinux_2_28_x86_64",
    "--python-version",
    "3.11",
    "--implementation",
    "cp",
    "--abi",
    "cp311",
]

METADATA_NAME, METADATA_FILE_ID = b"TFLITE_METADATA", b"M001"
MODEL_FILE_ID = b"TFL3"
ALIGNMENT = 16  # what the TFLite schema demands of weight buffers
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: the same in every build
TABLE_BEGIN, TABLE_END = "<!-- pose models: begin -->", "<!-- pose models: end -->"


class BuildError(Exception):
    """A source that cannot be had or is not what it should be; the message is one line."""


@dataclass(frozen=True)
class Network:
    """One source network: where it lies in its package, what it must hash to, how its input is normalised."""

    member: str
    sha256: str
    mean: float
    std: float
    package: str


DETECTOR = Network(
    "mediapipe/modules/pose_detection/pose_detection.tflite",
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    mean=127.5,
    std=127.5,
    package=f"{WHEEL_PACKAGE} {WHEEL_VERSION}",
)
LANDMARKS = {
    size: Network(
        f"package/pose_landmark_{size}.tflite",
        sha,
        mean=0.0,
        std=255.0,
        package=f"{NPM_PACKAGE} {NPM_VERSION}",
    )
    for size, sha in {
        "lite": "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        "full": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        "heavy": "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
    }.items()
}
FULL_IN_WHEEL = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def run(command: list[str], folder: Path) -> None:
    """Run a package client in `folder`; BuildError with its last line when it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise BuildError(f"{command[0]} failed: {last}")


def find_wheel(folder: Path) -> Path:
    """The wheel in `folder`, downloaded when it is not there yet."""
    pattern = f"{WHEEL_PACKAGE}-{WHEEL_VERSION}-*.whl"
    if not list(folder.glob(pattern)):
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
        run([*pip, *WHEEL_TAG, f"{WHEEL_PACKAGE}=={WHEEL_VERSION}"], folder)
    return next(folder.glob(pattern))


def find_npm_archive(folder: Path) -> Path | None:
    """The npm package in `folder`, downloaded when it is not there yet; None when npm is not installed."""
    name = f"mediapipe-pose-{NPM_VERSION}.tgz"
    if not (folder / name).exists():
        npm = shutil.which("npm")
        if npm is None:
            return None
        run([npm, "pack", "--silent", f"{NPM_PACKAGE}@{NPM_VERSION}"], folder)
    return folder / name


def checked(data: bytes, network: Network) -> bytes:
    if sha256(data) != network.sha256:
        raise BuildError(f"{network.member} of {network.package} is not the expected file (sha256 {sha256(data)})")
    return data


def read_landmarks(wheel: Path, npm_archive: Path | None) -> dict[str, bytes]:
    """Source bytes of each landmark network that can be had, by size."""
    if npm_archive is None:
        with zipfile.ZipFile(wheel) as archive:
            return {"full": checked(archive.read(FULL_IN_WHEEL), LANDMARKS["full"])}
    found = {}
    with tarfile.open(npm_archive) as archive:
        for size, network in LANDMARKS.items():
            member = archive.extractfile(network.member)
            if member is None:
                raise BuildError(f"{network.member} is not a file in {npm_archive.name}")
            found[size] = checked(member.read(), network)
    return found


def input_metadata(network: Network) -> bytes:
    """TFLite metadata saying: one RGB picture in, normalised by the network's mean and deviation."""
    normalise = metadata_schema.ProcessUnitT(
        metadata_schema.ProcessUnitOptions.NormalizationOptions,
        metadata_schema.NormalizationOptionsT(mean=[network.mean], std=[network.std]),
    )
    content = metadata_schema.ContentT(
        metadata_schema.ContentProperties.ImageProperties,
        metadata_schema.ImagePropertiesT(metadata_schema.ColorSpaceType.RGB),
    )
    image = metadata_schema.TensorMetadataT(name="image", content=content, processUnits=[normalise])
    whole = metadata_schema.ModelMetadataT(
        name=Path(network.member).stem,
        subgraphMetadata=[metadata_schema.SubGraphMetadataT(inputTensorMetadata=[image])],
    )
    builder = flatbuffers.Builder(1024)
    builder.Finish(whole.Pack(builder), METADATA_FILE_ID)
    return bytes(builder.Output())


class AlignedBuffer(model_schema.BufferT):  # type: ignore[misc, unused-ignore]
    """A TFLite buffer written at a multiple of 16 bytes, which the generated class does not see to."""

    def Pack(self, builder: flatbuffers.Builder) -> int:  # noqa: N802, the generated code calls it so
        data = None
        if self.data is not None and len(self.data):
            raw = bytes(self.data)
            builder.StartVector(1, len(raw), ALIGNMENT)
            builder.head -= len(raw)
            builder.Bytes[builder.head : builder.head + len(raw)] = raw
            data = builder.EndVector()
        model_schema.BufferStart(builder)
        if data is not None:
            model_schema.BufferAddData(builder, data)
        return int(model_schema.BufferEnd(builder))


def aligned(buffer: Any) -> AlignedBuffer:
    if buffer.offset or buffer.size:
        raise BuildError("weights outside the flatbuffer are not supported")
    return AlignedBuffer(data=buffer.data)


def add_metadata(source: bytes, network: Network) -> bytes:
    """The same network carrying our input metadata (in place of metadata it already had)."""
    model = model_schema.ModelT.InitFromObj(model_schema.Model.GetRootAsModel(source, 0))
    # The detector's own metadata belongs to a face detector by mistake, so it is replaced, not kept.
    model.metadata = [entry for entry in model.metadata or [] if entry.name != METADATA_NAME]
    model.buffers.append(model_schema.BufferT(data=np.frombuffer(input_metadata(network), dtype=np.uint8)))
    model.metadata.append(model_schema.MetadataT(name=METADATA_NAME, buffer=len(model.buffers) - 1))
    model.buffers = [aligned(buffer) for buffer in model.buffers]
    builder = flatbuffers.Builder(len(source) + 65536)
    builder.Finish(model.Pack(builder), MODEL_FILE_ID)
    return bytes(builder.Output())


def zip_entry(name: str, offset: int) -> zipfile.ZipInfo:
    """Header of a stored member whose data will begin at a multiple of 16 (MediaPipe reads it in place)."""
    info = zipfile.ZipInfo(name, date_time=ZIP_TIME)
    info.create_system = 3  # else the operating system of the maker would change the hash
    info.external_attr = 0o644 << 16
    data_start = offset + 30 + len(name) + 4
    padding = -data_start % ALIGNMENT
    info.extra = (0xD935).to_bytes(2, "little") + padding.to_bytes(2, "little") + bytes(padding)
    return info


def write_bundle(path: Path, detector: bytes, landmarks: bytes) -> None:
    """Write the .task bundle: an uncompressed zip with fixed times and order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in {
            "pose_detector.tflite": detector,
            "pose_landmarks_detector.tflite": landmarks,
        }.items():
            assert bundle.fp is not None
            bundle.writestr(zip_entry(name, bundle.fp.tell()), data)


def try_bundle(path: Path) -> None:
    """Load the bundle with masks on and run one empty picture through it; BuildError when that fails."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=path.read_bytes()), output_segmentation_masks=True
    )
    picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.zeros((256, 256, 3), np.uint8))
    try:
        with vision.PoseLandmarker.create_from_options(options) as landmarker:
            landmarker.detect(picture)
    except (RuntimeError, ValueError) as error:
        raise BuildError(f"{path.name} does not load: {str(error).splitlines()[0]}") from error


def write_sums(folder: Path, names: list[str]) -> None:
    """Update SHA256SUMS (the format of the sha256sum program); lines of other files stay."""
    path = folder / "SHA256SUMS"
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    sums = dict(reversed(line.split(maxsplit=1)) for line in lines if line.strip())
    sums.update({name: sha256((folder / name).read_bytes()) for name in names})
    text = "".join(f"{value}  {name}\n" for name, value in sorted(sums.items()))
    path.write_text(text, encoding="ascii", newline="\n")


def sources_table(folder: Path) -> str:
    """The pose part of SOURCES.md: each source network and each bundle there is, with their hashes."""
    lines = ["| source network | package | licence | sha256 |", "|---|---|---|---|"]
    for network in [DETECTOR, *LANDMARKS.values()]:
        name = Path(network.member).name
        lines.append(f"| `{name}` | {network.package} | Apache-2.0, Google | `{network.sha256}` |")
    lines += ["", "| bundle | made of | bytes | sha256 |", "|---|---|---|---|"]
    for size in LANDMARKS:
        path = folder / f"pose_landmarker_{size}.task"
        if path.exists():
            data = path.read_bytes()
            parts = f"`pose_detection.tflite` + `pose_landmark_{size}.tflite`"
            lines.append(f"| `{path.name}` | {parts} | {len(data)} | `{sha256(data)}` |")
    return "\n".join(lines)


SOURCES_HEAD = f"""# Where the models come from

## Pose networks

By Google, licensed under Apache-2.0 (`LICENSE-APACHE-2.0.txt`). Changed here: each network carries TFLite
metadata with its input normalisation (detector mean 127.5 and standard deviation 127.5, landmarks 0 and 255),
because the MediaPipe Tasks API refuses them without; weights and graph are untouched. A detector and a
landmark network are then zipped, uncompressed, into one `.task` bundle.

Make them again, byte for byte (needs pip and npm):

    python tools/build_models.py

`SHA256SUMS` holds the hashes that are checked whenever a model is loaded.

{TABLE_BEGIN}
{TABLE_END}
"""


def write_sources(folder: Path) -> None:
    """Put the tables between the markers of SOURCES.md; everything else in that file stays."""
    path = folder / "SOURCES.md"
    text = path.read_text(encoding="utf-8") if path.exists() else SOURCES_HEAD
    before, _, rest = text.partition(TABLE_BEGIN)
    after = rest.partition(TABLE_END)[2]
    text = f"{before}{TABLE_BEGIN}\n{sources_table(folder)}\n{TABLE_END}{after}"
    path.write_text(text, encoding="utf-8", newline="\n")


def write_licence(wheel: Path, folder: Path) -> None:
    """Ship the Apache licence, as it asks; the wheel's file adds notes on code that is not in the models."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/LICENSE"))
        text = archive.read(name).decode("utf-8").split("\n" + "=" * 60)[0]
    path = folder / "LICENSE-APACHE-2.0.txt"
    path.write_text(text.strip("\n") + "\n", encoding="utf-8", newline="\n")


def build(packages: Path, out: Path) -> list[str]:
    """Build every bundle the packages allow into `out`; names of the files made."""
    wheel = find_wheel(packages)
    with zipfile.ZipFile(wheel) as archive:
        detector = add_metadata(checked(archive.read(DETECTOR.member), DETECTOR), DETECTOR)
    made = []
    for size, source in read_landmarks(wheel, find_npm_archive(packages)).items():
        path = out / f"pose_landmarker_{size}.task"
        write_bundle(path, detector, add_metadata(source, LANDMARKS[size]))
        try_bundle(path)
        made.append(path.name)
    write_licence(wheel, out)
    write_sums(out, made)
    write_sources(out)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=MODELS_DIR, help="folder to write to (default: models/)")
    parser.add_argument("--sources", type=Path, help="folder with (or for) the two downloaded packages")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        packages = options.sources.resolve() if options.sources else Path(temporary)
        packages.mkdir(parents=True, exist_ok=True)
        try:
            made = build(packages, options.out)
        except BuildError as error:
            print(f"build_models: {error}", file=sys.stderr)
            return 1
    print("made and tried:", ", ".join(made))
    if len(made) < len(LANDMARKS):
        print(
            "build_models: npm is not installed, so the lite and heavy models could not be made. "
            f"Install Node.js (npm), or put mediapipe-pose-{NPM_VERSION}.tgz (npm package {NPM_PACKAGE}) "
            "into a folder and pass it with --sources.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
