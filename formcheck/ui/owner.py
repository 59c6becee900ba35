"""Whose people are shown: of the one who signed in, or of this machine's only owner where nobody has to.

Sign-in is Streamlit's own (OpenID Connect). It is off unless its secrets have an ``[auth]`` section; with one, nobody
sees or keeps anything of anybody before signing in. Who signed in is told apart by issuer and subject, which do not
change; an address may change hands.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from formcheck.cards import Lang
from formcheck.history.place import LOCAL
from formcheck.texts import text
from formcheck.ui.remembering import plain_words


def signs_in() -> bool:
    """Whether people have to sign in here."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        # none at all; or one that cannot be read: then better nobody than everybody
        return any(Path(file).expanduser().is_file() for file in st.get_option("secrets.files"))


def current_owner() -> str | None:
    """Whose people may be seen; None before signing in."""
    if not signs_in():
        return LOCAL
    who = st.user.to_dict()
    if who.get("is_logged_in") is not True or not who.get("iss") or not who.get("sub"):
        return None
    return f"{who['iss']} {who['sub']}"


def show_signing_in(lang: Lang) -> None:
    """Who has signed in and the way out, or the way in; nothing where nobody has to."""
    if not signs_in():
        return
    if current_owner() is None:
        st.info(text("sign_in_why", lang))
        st.button(text("sign_in", lang), on_click=st.login, type="primary", key="sign_in")
        return
    who = st.user.to_dict()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(text("signed_in_as", lang, name=plain_words(str(who.get("name") or who.get("email") or who["sub"]))))
        st.button(text("sign_out", lang), on_click=st.logout, type="tertiary", key="sign_out")
