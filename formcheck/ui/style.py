"""The little that Streamlit's theme cannot say: findings, the table, and its own English words in Japanese."""

from __future__ import annotations

import json

from formcheck.cards import Lang
from formcheck.texts import text
from formcheck.ui import MAX_UPLOAD_MB
from formcheck.ui.words import word

# Contrast of every text on its background is at least 4.5 : 1; a level's edge at least 3 : 1 against white.
_STYLE = """
/* comes a moment after the first words: the room above them stays Streamlit's own, else all would move */
[data-testid="stMainBlockContainer"] { padding-bottom: 1rem; max-width: 1280px; }
[data-testid="stMainBlockContainer"]:has(.st-key-running) { padding-top: 3rem; padding-bottom: 0; }
[data-testid="stHeader"] { display: none; }
[data-testid="stMain"] h3 { padding: .6rem 0 .4rem; }
/* Streamlit's grey is too faint to read in sunlight */
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p,
[data-testid="stImageCaption"], [data-testid="stImageCaption"] p { color: #4a5a5f; opacity: 1; }
/* every word of what is asked is to be read, also on a phone */
[data-testid="stCheckbox"] label * { white-space: normal; overflow: visible; }
.fc-safety { border-left: 5px solid #b3261e; background: #fdf1f0; color: #5c1410; padding: .6rem .8rem; margin: 0;
  border-radius: 4px; font-weight: 600; }
.fc-head { font-size: .95rem; margin: .2rem 0; overflow-wrap: anywhere; }
.fc-clip { font-size: 1.15rem; }
.fc-plain { margin: .2rem 0 .6rem; }
.fc-counts { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; }
.fc-badge { display: inline-block; padding: .1rem .55rem; border-radius: 999px; font-size: .85rem; font-weight: 700;
  white-space: nowrap; border: 1.5px solid; }
.fc-badge.fc-act { color: #7a2100; background: #ffeade; border-color: #c2410c; }
.fc-badge.fc-watch { color: #5c4300; background: #fff5d1; border-color: #a07400; }
.fc-badge.fc-good { color: #0b4f3c; background: #e2f5ee; border-color: #12805f; }
.fc-badge.fc-unknown { color: #3d4a4f; background: #eef1f2; border-color: #74838a; }
.fc-card { border: 1px solid #c9d5d6; border-left-width: 6px; border-radius: 6px; padding: .65rem .9rem;
  margin-bottom: .7rem; background: #fff; }
.fc-card.fc-act { border-left-color: #c2410c; }
.fc-card.fc-watch { border-left-color: #a07400; }
.fc-card.fc-good { border-left-color: #12805f; }
.fc-card h4 { font-size: 1.02rem; margin: 0 0 .3rem; padding: 0; line-height: 1.7; }
.fc-card p { margin: 0 0 .35rem; line-height: 1.6; }
.fc-card p:last-child { margin-bottom: 0; }
.fc-value { font-size: 1.2rem; margin-right: .4rem; white-space: nowrap; }
.fc-small { color: #4a5a5f; font-size: .85rem; }
.fc-push-off-bar { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; max-width: 26rem; }
img.fc-push-off-gauge { display: block; width: 100%; max-width: 26rem; height: auto; margin: .25rem 0 .6rem; }
.fc-push-off-pair { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; margin: .8rem 0 .4rem; }
.fc-push-off-pair figure { flex: 1 1 8.5rem; max-width: 13rem; margin: 0; }
.fc-push-off-pair img { width: 100%; height: auto; }
.fc-push-off-pair figcaption { font-weight: 600; }
.fc-advice { background: #f2f6f6; border-radius: 4px; padding: .5rem .7rem; }
.fc-live { height: 24rem; background: #eef1f2; border-radius: 6px; overflow: hidden; position: relative;
  display: flex; align-items: center; justify-content: center; }
.fc-live img { width: 100%; height: 100%; object-fit: contain; }
.fc-live p { margin: 0; color: #3d4a4f; }
.fc-live img + p { position: absolute; left: 0; bottom: 0; padding: .15rem .6rem; background: rgba(255,255,255,.85);
  font-size: .8rem; border-top-right-radius: 6px; }
.fc-list { padding-left: 1.2rem; margin: 0; }
.fc-list li { margin-bottom: .35rem; line-height: 1.55; }
.fc-wide { overflow-x: auto; }
.fc-table { border-collapse: collapse; width: 100%; font-size: .9rem; }
.fc-table th, .fc-table td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #d9e2e3;
  vertical-align: top; }
.fc-table td, .fc-table th[scope=col] { white-space: nowrap; }
.fc-table td:last-child { white-space: normal; min-width: 8rem; }
.fc-table th[scope=row] { font-weight: 400; min-width: 9rem; }
.fc-table .fc-group { background: #f2f6f6; }
.fc-beyond h4 { font-size: 1.02rem; margin: .2rem 0; padding: 0; }
.fc-explained h4 { font-size: .95rem; margin: .6rem 0 .2rem; padding: 0; }
.fc-explained p { margin: 0 0 .25rem; font-size: .9rem; }
.fc-see { font: inherit; font-size: .9rem; min-height: 36px; padding: .15rem .7rem; border: 1px solid #0b6e69;
  border-radius: 6px; background: #fff; color: #0b6e69; cursor: pointer; }
.fc-see:hover { background: #e9f1f1; }
.fc-see:focus-visible { outline: 3px solid #0b6e69; outline-offset: 2px; }
.fc-see::before { content: "▶ "; font-size: .75em; }
.fc-ways { display: flex; flex-wrap: wrap; gap: .4rem; }
.fc-way { font: inherit; font-size: .9rem; min-height: 36px; padding: .15rem .7rem; border: 1px solid #6c7d80;
  border-radius: 999px; background: #fff; color: #1d2b2e; cursor: pointer; }
.fc-way:hover { background: #e9f1f1; }
.fc-way:focus-visible { outline: 3px solid #0b6e69; outline-offset: 2px; }
.fc-way::after { content: " ↓"; color: #0b6e69; }
[data-testid="stMain"] h3 { scroll-margin-top: .8rem; text-wrap: balance; word-break: auto-phrase; }
[data-testid="stMain"] h3:focus { outline: none; }
[data-testid="stElementContainer"]:has(.fc-phone-way) { display: none; }
.fc-guide { display: grid; grid-template-columns: repeat(auto-fill, minmax(145px, 1fr)); gap: .9rem; }
.fc-shot { margin: 0; }
.fc-shot img { width: 100%; height: auto; aspect-ratio: 3 / 4; border-radius: 6px; display: block; }
.fc-shot h4 { font-size: .98rem; margin: .4rem 0 .2rem; padding: 0; }
.fc-shot p { font-size: .88rem; margin: 0 0 .25rem; line-height: 1.5; }
.fc-mark { display: inline-block; width: 1.3em; text-align: center; border-radius: 50%; font-weight: 700; }
.fc-mark.fc-good { background: #e2f5ee; color: #0b4f3c; }
.fc-mark.fc-act { background: #ffeade; color: #7a2100; }
ul.fc-doubts.fc-doubts { list-style: none; padding: 0; margin: 0; }
ul.fc-doubts.fc-doubts li { display: flex; gap: .7rem; margin: 0 0 .6rem 0; align-items: flex-start; }
.fc-doubts img { width: 66px; height: 88px; object-fit: cover; border-radius: 4px; flex: none; }
.fc-doubts p { margin: 0 0 .15rem; line-height: 1.5; font-size: .92rem; }
.fc-soon { min-height: 38rem; display: flex; align-items: center; justify-content: center; background: #f2f6f6;
  border-radius: 6px; }
.fc-long { max-height: 24rem; overflow-y: auto; }
.st-key-moments [data-testid="stColumn"], .st-key-compare_moments [data-testid="stColumn"] { max-width: 430px; }
@media (min-width: 900px) {
  .fc-cards { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .9rem; align-items: stretch; }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
  .fc-live { height: 20rem; }
  [data-testid="stElementContainer"]:has(.fc-phone-way) { display: block; }
  [class*="st-key-area_"] button { padding-left: .45rem; padding-right: .45rem; }
  /* left and right stay side by side */
  .st-key-moments [data-testid="stHorizontalBlock"], .st-key-compare_moments [data-testid="stHorizontalBlock"] {
    flex-wrap: nowrap; gap: .5rem; }
  /* so narrow that the next column is seen to go on beyond the edge */
  .fc-table th[scope=row] { min-width: 6.5rem; }
  .st-key-moments [data-testid="stColumn"], .st-key-compare_moments [data-testid="stColumn"] { min-width: 0; }
}
"""


def style_sheet(lang: Lang) -> str:
    """The page's <style>, with the words of ``lang``."""
    button = json.dumps(text("ui_choose_file", lang), ensure_ascii=False)
    sorry = json.dumps(refused(lang), ensure_ascii=False)
    broke = json.dumps(word("page_broke", lang), ensure_ascii=False)
    return f"<style>{_STYLE}{_OWN_WORDS % (button, sorry, broke)}</style>"


def refused(lang: Lang) -> str:
    """What is said of a file that the uploader does not take."""
    return word("upload_refused", lang, kinds="MP4, MOV, M4V, WEBM, AVI, GIF, MKV", mb=MAX_UPLOAD_MB)


# Streamlit speaks English only: its button gets our word, its other hints go, as the page says the same itself.
_OWN_WORDS = """
[data-testid="InputInstructions"], [data-testid="stFileUploaderDropzoneInstructions"],
[data-testid="stStatusWidget"] { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: %s; font-size: 1rem; }
/* a red chip alone would say nothing */
[data-testid="stFileUploader"]:has([aria-invalid="true"])::after { content: %s; display: block; color: #7a2100;
  padding: .4rem 0; font-size: .95rem; line-height: 1.5; }
/* what nobody has foreseen: Streamlit's words of it help nobody here */
[data-testid="stException"] > * { display: none; }
[data-testid="stException"]::after { content: %s; display: block; color: #7a2100; background: #ffeade;
  padding: .8rem 1rem; border-radius: 6px; line-height: 1.6; }
"""
