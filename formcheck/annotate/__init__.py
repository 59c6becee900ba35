"""Skeleton, angles and phases drawn on the frames of a clip: reads records and words, measures nothing.

``Annotator`` draws on every frame of a clip; ``draw_key_moment`` makes one still with a caption; ``preview_jpeg`` one
small picture of what is being looked at; ``PairSheet`` puts two pictures side by side;
``Faces`` makes the face unrecognisable.
"""

from formcheck.annotate.back import DrawnBack
from formcheck.annotate.clip import Annotator
from formcheck.annotate.faces import Faces, hide_all_but_bodies, hiding
from formcheck.annotate.other_heads import HeadLook
from formcheck.annotate.pair import PairSheet, Row, side_by_side_jpeg
from formcheck.annotate.preview import preview_jpeg
from formcheck.annotate.rgb import planes_of, rgb_of
from formcheck.annotate.still import draw_key_moment

__all__ = [
    "Annotator",
    "DrawnBack",
    "Faces",
    "HeadLook",
    "PairSheet",
    "Row",
    "draw_key_moment",
    "hide_all_but_bodies",
    "hiding",
    "planes_of",
    "preview_jpeg",
    "rgb_of",
    "side_by_side_jpeg",
]
