"""The page in the browser. Only this folder imports Streamlit, and importing this module does not yet do so."""

from __future__ import annotations

from pathlib import Path

MAX_UPLOAD_MB = 1024
LANG_VARIABLE = "FORMCHECK_LANG"
"""Environment variable: the language the page begins in, whatever the browser's is."""

_SETTINGS: dict[str, str] = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.maxUploadSize": str(MAX_UPLOAD_MB),
    "server.disconnectedSessionTTL": "120",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "theme.base": "light",
    "theme.primaryColor": "#0b6e69",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f2f6f6",
    "theme.textColor": "#1d2b2e",
    "theme.linkColor": "#0b6e69",
    "theme.borderColor": "#c9d5d6",
    "theme.headingFontSizes": '["1.7rem", "1.5rem", "1.35rem"]',
    "theme.font": "'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic UI', Meiryo, system-ui, sans-serif",
}


def app_path() -> Path:
    """The script that ``streamlit run`` is to be given; it is in the installed package as well."""
    return Path(__file__).parent / "start.py"


def streamlit_arguments() -> list[str]:
    """The settings of ``.streamlit/config.toml`` as flags, for wherever that file is not found.

    Only this machine can reach the page, nothing is reported to anyone, and no browser is opened.
    """
    return [f"--{name}={value}" for name, value in _SETTINGS.items()]
