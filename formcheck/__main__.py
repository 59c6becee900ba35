"""``python -m formcheck`` is the same as ``formcheck``."""

from formcheck.cli import main

if __name__ == "__main__":
    main()
