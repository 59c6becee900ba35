"""What does a picture tell about the tilt of the pelvis? Pictures of many rendered runners, and a fit to them.

python tools/train_pelvis.py draw --bodies 150     # needs anny, pyvista, torch
python tools/train_pelvis.py look                  # landmarks of every picture, with the project's own network
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rendering.rear import rear_folder
from rendering.rear_stills import draw


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=150)
    args = parser.parse_args()
    folder = rear_folder() / "stills"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(args.bodies):
        try:
            draw(number, folder)
        except ValueError as error:  # a leg too short for what was drawn: another body comes next
            print(number, error, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
