// Counts holds and rests aloud on the screen, and with short tones where they are wanted; nothing leaves the page.
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const fill = (words, details) => words.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "");
const READY_S = 3, TICK_MS = 100;

class Timer {
  constructor(root) { this.root = root; this.state = "idle"; this.beeps = false; }

  set(data) {
    const key = JSON.stringify([data.lang, data.name, data.hold_s, data.reps, data.rest_s]);
    this.words = data.words;
    if (key === this.key) return;
    const other = this.data && (data.name !== this.data.name || data.hold_s !== this.data.hold_s);
    this.data = data; this.key = key;
    if (other) this.stop(); else this.show();
  }

  // [name of the phase, seconds, number of the repetition] from the first to the last
  steps() {
    const {hold_s, reps, rest_s} = this.data, steps = [["ready", READY_S, 1]];
    for (let n = 1; n <= reps; n++) {
      steps.push(["hold", hold_s, n]);
      if (n < reps) steps.push(["rest", rest_s, n]);
    }
    return steps;
  }

  show() {
    const w = this.words;
    this.phase = make("p", {className: "fct-phase"});
    this.clock = make("p", {className: "fct-clock"});
    this.bar = make("div", {className: "fct-fill"});
    this.count = make("p", {className: "fct-count"});
    this.aloud = make("p", {className: "fct-aloud"});
    this.aloud.setAttribute("aria-live", "assertive");
    const running = this.state === "running";
    this.button = make("button", {type: "button", className: "fct-button fct-main",
      textContent: running ? w.timer_stop : w.timer_start});
    this.button.addEventListener("click", () => this.state === "running" ? this.stop() : this.start());
    const box = make("input", {type: "checkbox", checked: this.beeps});
    box.addEventListener("change", () => { this.beeps = box.checked; });
    const label = make("label", {className: "fct-beeps"}, box, " ", w.timer_beeps);
    const face = make("div", {className: "fct-face"}, this.phase, this.clock,
      make("div", {className: "fct-bar"}, this.bar), this.count);
    this.root.replaceChildren(face, this.aloud, make("div", {className: "fct-row"}, this.button, label));
    this.paint();
  }

  start() {
    this.state = "running"; this.plan = this.steps(); this.at = -1; this.done = 0;
    if (this.beeps) this.sound ??= new AudioContext();
    this.show(); this.next();
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  next() {
    if (this.at >= 0 && this.plan[this.at][0] === "hold") this.done += 1;
    this.at += 1; this.began = performance.now();
    if (this.at === this.plan.length) { this.end(); return; }
    const [phase, , n] = this.plan[this.at];
    this.aloud.textContent = `${this.words[`timer_${phase}`]} ${phase === "ready" ? "" : n}`;
    this.beep(phase === "hold" ? 880 : 520);
    this.paint();
  }

  tick() {
    const left = this.plan[this.at][1] - (performance.now() - this.began) / 1000;
    if (left <= 0) this.next(); else this.paint(left);
  }

  paint(left = null) {
    const w = this.words, {reps} = this.data, step = this.state === "running" ? this.plan[this.at] : null;
    const [phase, seconds] = step ?? [this.state === "over" ? "over" : "idle", 0];
    const rest = left ?? seconds;
    this.root.dataset.phase = phase;
    this.phase.textContent = w[`timer_${phase}`];
    this.clock.textContent = step ? String(Math.max(1, Math.ceil(rest - 0.001))) : "";
    this.bar.style.width = step ? `${100 * (1 - rest / seconds)}%` : "0";
    this.count.textContent = fill(w.timer_count, {n: this.done ?? 0, whole: reps});
  }

  beep(hertz) {
    if (!this.beeps || !this.sound) return;
    const tone = this.sound.createOscillator(), loud = this.sound.createGain(), now = this.sound.currentTime;
    tone.frequency.value = hertz;
    loud.gain.setValueAtTime(0.12, now); loud.gain.exponentialRampToValueAtTime(0.001, now + 0.25);
    tone.connect(loud).connect(this.sound.destination);
    tone.start(now); tone.stop(now + 0.25);
  }

  end() {
    clearInterval(this.ticking); this.state = "over"; this.beep(1040); this.show();
    this.aloud.textContent = this.words.timer_over;
  }

  stop() { clearInterval(this.ticking); this.state = "idle"; this.done = 0; this.show(); }
  release() { clearInterval(this.ticking); this.sound?.close(); }
}

export default function (component) {
  const {data, parentElement} = component;
  const timer = parentElement.fcTimer ??= new Timer(parentElement.querySelector(".fct-root"));
  timer.set(data);
  return () => { timer.release(); delete parentElement.fcTimer; };
}
