"""RGB pictures to what is drawn on, and back, for stills and previews."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.planes import Planes

RgbImage = npt.NDArray[np.uint8]


def planes_of(image_rgb: RgbImage) -> Planes:
    """A copy of an RGB picture (h, w, 3), to be drawn on; odd sizes grow by one repeated row or column."""
    height, width = image_rgb.shape[0] + image_rgb.shape[0] % 2, image_rgb.shape[1] + image_rgb.shape[1] % 2
    right, below = width - image_rgb.shape[1], height - image_rgb.shape[0]
    even = cv2.copyMakeBorder(image_rgb, 0, below, 0, right, cv2.BORDER_REPLICATE) if right or below else image_rgb
    yuv = cast(RgbImage, cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420)).reshape(-1)
    blue, red = yuv[height * width :].reshape(2, height // 2, width // 2)
    return Planes(yuv[: height * width].reshape(height, width), np.stack([blue, red], axis=2))


def rgb_of(planes: Planes, width: int | None = None, height: int | None = None) -> RgbImage:
    """The picture in RGB, its top left ``height`` x ``width`` pixels. The matrix is taken for BT.601 whatever it is:
    good enough to look at while waiting, and exact for what ``planes_of`` made."""
    image = cv2.cvtColorTwoPlane(planes.luma, planes.chroma, cv2.COLOR_YUV2RGB_NV12)
    return cast(RgbImage, np.ascontiguousarray(image[:height, :width]))
