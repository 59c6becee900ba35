"""What ``streamlit run`` is given, as ``app.py`` in the source tree.

Nothing else may be in here: Streamlit shows what stands alone in a script, even a docstring below a constant.
"""

from formcheck.ui.page import main

if __name__ == "__main__":
    main()
