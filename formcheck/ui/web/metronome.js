// Clicks at a cadence for some time, is silent as long, and so on; beats are set ahead on the sound's own clock.
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const fill = (words, details) => words.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "");
const AHEAD_S = 0.6, LOOK_MS = 200, FIRST_S = 0.15;

class Metronome {
  constructor(root) { this.root = root; this.state = "idle"; }

  set(data) {
    const key = JSON.stringify([data.spm, data.phase_s, data.sets]), spoken = this.data?.lang;
    this.data = data; this.words = data.words;
    if (key !== this.key) { this.key = key; this.stop(); }
    else if (data.lang !== spoken) this.show();
  }

  show() {
    const on = this.state === "on";
    this.phase = make("p", {className: "fct-phase"});
    this.phase.setAttribute("role", "status");
    this.clock = make("p", {className: "fct-clock", textContent: String(this.data.spm)});
    this.bar = make("div", {className: "fct-fill"});
    this.count = make("p", {className: "fct-count"});
    this.button = make("button", {type: "button", className: "fct-button fct-main",
      textContent: on ? this.words.metronome_stop : this.words.metronome_start});
    this.button.addEventListener("click", () => on ? this.stop() : this.start());
    const face = make("div", {className: "fct-face"}, this.phase, this.clock,
      make("div", {className: "fct-bar"}, this.bar), this.count);
    this.root.replaceChildren(face, make("div", {className: "fct-row"}, this.button));
    this.paint();
  }

  start() {
    this.sound ??= new AudioContext();
    this.sound.resume();
    this.state = "on"; this.began = this.sound.currentTime + FIRST_S; this.beat = 0;
    this.show(); this.look();
    this.ticking = setInterval(() => this.look(), LOOK_MS);
  }

  // beats whose time comes soon; none in the silent phases
  look() {
    const {spm, phase_s, sets} = this.data, now = this.sound.currentTime;
    for (let at; (at = this.beat * 60 / spm) < now + AHEAD_S - this.began; this.beat += 1) {
      if (at >= 2 * sets * phase_s - phase_s) break;
      if (Math.floor(at / phase_s) % 2 === 0) this.click(this.began + at);
    }
    if (now - this.began >= (2 * sets - 1) * phase_s) { this.end("over"); return; }
    this.paint();
  }

  click(when) {
    const tone = this.sound.createOscillator(), loud = this.sound.createGain();
    tone.frequency.value = 1000;
    loud.gain.setValueAtTime(0.25, when); loud.gain.exponentialRampToValueAtTime(0.001, when + 0.05);
    tone.connect(loud).connect(this.sound.destination);
    tone.start(when); tone.stop(when + 0.06);
  }

  paint() {
    const w = this.words, {phase_s, sets} = this.data;
    const past = this.state === "on" ? Math.max(0, this.sound.currentTime - this.began) : 0;
    const nth = Math.floor(past / phase_s), loud = nth % 2 === 0;
    const name = this.state === "on" ? (loud ? "with" : "without") : this.state;
    this.root.dataset.phase = this.state !== "on" ? "idle" : loud ? "hold" : "rest";
    if (this.phase.textContent !== w[`metronome_${name}`]) this.phase.textContent = w[`metronome_${name}`];
    this.bar.style.width = `${100 * (past % phase_s) / phase_s}%`;
    this.count.textContent = fill(w.metronome_left, {n: this.state === "on" ? Math.floor(nth / 2) + 1 : 0, whole: sets});
  }

  end(state) {
    clearInterval(this.ticking);
    this.sound?.close(); this.sound = null;  // also what was set ahead is heard no more
    this.state = state; this.show();
  }
  stop() { this.end("idle"); }
  release() { clearInterval(this.ticking); this.sound?.close(); }
}

export default function (component) {
  const {data, parentElement} = component;
  const metronome = parentElement.fcMetronome ??= new Metronome(parentElement.querySelector(".fct-root"));
  metronome.set(data);
  return () => { metronome.release(); delete parentElement.fcMetronome; };
}
