"""How the command line speaks: in which language, errors as one line each, exit codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

from formcheck.cards import LANGS, Lang
from formcheck.records import InputError
from formcheck.texts import problem_text

REFUSED, STOPPED = 2, 130
"""Exit codes."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def spoken_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """What ``--lang`` says, else Japanese in a Japanese environment, else English."""
    for here, following in pairwise([*arguments, ""]):
        asked = following if here == "--lang" else here.removeprefix("--lang=")
        if asked in LANGS:
            return asked
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return "ja" if locale.lower().startswith("ja") else "en"


def error_text(error: InputError, lang: Lang) -> str:
    """The error as one line, with options called as they are on the command line."""
    details = dict(error.details)
    if error.code == "bad_option":
        details["name"] = "--" + str(details["name"]).replace("_", "-")
    return problem_text(error.code, lang, details)


def complain(line: str) -> None:
    """One line on standard error, also where a file's name has line breaks or a terminal's commands in it."""
    print(f"formcheck: {_CONTROL.sub(' ', line)}", file=sys.stderr, flush=True)
