"""Fetch the font that PDFs are set in: formcheck/fonts/, from a public package, checked against pinned hashes.

    python tools/build_fonts.py            # needs npm

The files are taken as they are; what a PDF embeds of them is only the letters that it shows.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "formcheck" / "fonts"
PACKAGE = "@expo-google-fonts/noto-sans-jp@0.4.3"
FILES = {
    "400Regular/NotoSansJP_400Regular.ttf": "d930d5d52d15231c283089760f84584272ad5e37e14607ba0d19c798e7a9caec",
    "700Bold/NotoSansJP_700Bold.ttf": "c5b7b9d6a6eb682b0d4e6bbb38509575fd2759a28f147daa74714d1359a7909e",
}
LICENCE = "LICENSE_FONT"


def main() -> None:
    """Fetch, check and put in place."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the font's package")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        source = Path(folder) / "package"
        for name, sha256 in FILES.items():
            if hashlib.sha256((source / name).read_bytes()).hexdigest() != sha256:
                raise SystemExit(f"{name} is not the file that was pinned")
            shutil.copyfile(source / name, FONTS / Path(name).name)
        shutil.copyfile(source / LICENCE, FONTS / "LICENSE-OFL-1.1.txt")
    print(f"{len(FILES)} fonts in {FONTS}")


if __name__ == "__main__":
    main()
