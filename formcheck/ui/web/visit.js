// Tells this browser which visit is its own: a cookie that ends with the browser's session and goes to this page only.
// And gives Streamlit's own parts, which speak English only, the words of this page: also those only heard.
const fill = (words, name) => words.replace("{name}", name);

const NAMES = ["aria-label", "title", "placeholder"];

/** What Streamlit says, alone or before the name of a picture, in the words of this page. */
const ours = (said, own) => {
  const [, help] = /^Help for (.*)$/.exec(said) ?? [], [, part, of] = /^(year|month|day), (.*)$/.exec(said) ?? [];
  if (help) return fill(own["Help for"], help);
  if (part) return `${own[part]}, ${of}`;
  const known = Object.keys(own).find(english => said === english || said.startsWith(`${english}: `));
  return known === undefined ? undefined : own[known] + said.slice(known.length);
};

const translate = words => {
  for (const button of document.querySelectorAll("[data-testid=stFileUploader] button[aria-label]")) {
    const label = button.getAttribute("aria-label"), said = button.dataset.fcSaid;
    const [, act, name] = /^(Remove|Cancel upload of|Add files) ?(.*)$/.exec(label) ?? (said ? JSON.parse(said) : []);
    if (!act) continue;
    const kind = act === "Remove" ? "upload_remove" : act === "Add files" ? "upload_add" : "upload_cancel";
    const wanted = fill(words[kind], name);
    if (label === wanted) continue;
    button.dataset.fcSaid = JSON.stringify(["", act, name]);
    button.setAttribute("aria-label", wanted);
  }
  for (const name of NAMES) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      const now = node.getAttribute(name), key = `fc${name.replace("-", "")}`;
      const english = ours(now, words.own) === undefined ? node.dataset[key] : now;
      const wanted = english === undefined ? undefined : ours(english, words.own);
      if (wanted === undefined || now === wanted) continue;
      node.dataset[key] = english;
      node.setAttribute(name, wanted);
    }
  }
  for (const node of document.querySelectorAll("[data-testid=stFileUploader] span")) {
    if (node.textContent === "add icon" && node.firstChild) node.firstChild.data = words.own["add icon"];
  }
  const told = "[data-testid=stFileUploader] [role=alert], [data-testid=stTooltipErrorContent], [role=tooltip]";
  for (const node of document.querySelectorAll(told)) {
    if (/files are not allowed|must be .* or smaller/.test(node.textContent)) node.textContent = words.upload_refused;
  }
};

/** A button of that class leads to the heading with the same words. */
const go = event => {
  const way = event.target.closest?.(".fc-way"), words = way?.textContent.trim();
  const heading = way && [...document.querySelectorAll("[data-testid=stMain] h3")].find(h => h.textContent.trim() === words);
  if (!heading) return;
  heading.tabIndex = -1; heading.focus({preventScroll: true});
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  heading.scrollIntoView({block: "start", behavior: calm ? "auto" : "smooth"});
};

export default function (component) {
  const {name, token, lang, words} = component.data, parent = component.parentElement;
  document.documentElement.lang = lang;
  document.cookie = `${name}=${token}; path=/; SameSite=Strict`;
  parent.fcWatch?.disconnect();
  const watch = parent.fcWatch = new MutationObserver(() => translate(words));
  watch.observe(document.body, {childList: true, subtree: true, attributeFilter: NAMES});
  translate(words);
  document.removeEventListener("click", parent.fcGo);
  document.addEventListener("click", parent.fcGo = go);
  return () => { watch.disconnect(); document.removeEventListener("click", go); };
}
