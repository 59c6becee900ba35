"""Opens the page: ``streamlit run app.py``."""

from formcheck.ui.page import main

main()
