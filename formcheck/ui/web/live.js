// Shows this device's camera, sends small copies to be looked at, and draws and speaks what comes back.
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const SIGNS = {fault: "▲ ", mended: "● ", count: "", seconds: ""};
const LOST_MS = 4000, STILL_MS = 3000, WAIT_MS = 30;
const ENDS = ["busy", "lost", "over", "turned"], TONGUES = {ja: "ja-JP", en: "en-GB"};

class Live {
  constructor(root) {
    this.root = root; this.state = "closed"; this.aloud = true; this.mirrored = false; this.said = 0; this.told = "";
    this.seen = () => this.stayAwake();
    document.addEventListener("visibilitychange", this.seen);
  }

  set(data, send) {
    const before = this.data;
    this.data = data; this.words = data.words; this.send = send;
    if (before?.lang !== data.lang) this.show();
    if (data.problem && this.state !== "closed") { this.close(); this.tell("problem"); return; }
    const {answer} = data;
    if (this.state === "closed" || !answer.state) return;
    if (ENDS.includes(answer.state)) {
      // an old answer, from before this set began, says nothing of it
      if (this.state === "on" || answer.state === "busy") { this.close(); this.tell(`live_${answer.state}`); }
      return;
    }
    if (answer.state === "ready" && this.state === "waiting") { this.state = "on"; this.newAt = performance.now(); this.next(); return; }
    if (answer.state === "on" && answer.seen === this.n && this.state === "on") this.heard(answer);
  }

  show() {
    const w = this.words, row = make("div", {className: "fcl-row"});
    const on = this.state !== "closed";
    this.button = make("button", {type: "button", className: "fcl-button", textContent: on ? w.live_stop : w.live_start});
    this.button.addEventListener("click", () => on ? this.stop() : this.start());
    row.append(this.button, this.tick("live_aloud", "aloud"), this.tick("live_mirror", "mirrored"));
    this.note = make("p", {className: "fcl-note"});
    this.note.setAttribute("role", "status");
    this.tell(this.told);
    if (!on) { this.root.replaceChildren(row, this.note); return; }
    // a dialog, because nothing of the page can lie above it
    const below = make("div", {className: "fcl-below"}, row, this.note);
    const dialog = make("dialog", {className: "fcl-on"}, this.stage, below);
    dialog.setAttribute("aria-label", w.live_picture);
    dialog.addEventListener("cancel", event => { event.preventDefault(); this.stop(); });
    this.root.replaceChildren(dialog);
    dialog.showModal();
    this.button.focus();
    this.place();
  }

  tick(code, name) {
    const box = make("input", {type: "checkbox", checked: this[name]});
    box.addEventListener("change", () => {
      this[name] = box.checked;
      if (!this.aloud) window.speechSynthesis?.cancel();
      if (this.stage) this.place();
    });
    return make("label", {className: "fcl-tick"}, box, " ", this.words[code]);
  }

  place() { this.stage.classList.toggle("fcl-mirrored", this.mirrored); }

  // the name of what is to be read, so that it is there in the other language too
  tell(what) {
    this.told = what;
    const {problem, answer, words} = this.data;
    const read = what === "problem" ? problem : what === "note" ? answer.note : words[what];
    if (this.note && this.note.textContent !== (read ?? "")) this.note.textContent = read ?? "";
  }

  async start() {
    if (!navigator.mediaDevices?.getUserMedia) { this.tell("live_none"); return; }
    if (this.starting) return;
    this.button.disabled = this.starting = true;
    let stream;
    try {
      const wish = {width: {ideal: 1280}, height: {ideal: 720}, frameRate: {ideal: 30}};
      stream = await navigator.mediaDevices.getUserMedia({video: wish, audio: false});
    } catch { this.button.disabled = this.starting = false; this.tell("live_denied"); return; }
    this.starting = false;
    // whoever went elsewhere while the browser asked is filmed no more
    if (this.gone) { stream.getTracks().forEach(track => track.stop()); return; }
    this.stream = stream;
    this.track = stream.getVideoTracks()[0];
    this.track.onended = () => this.cameraLost();
    this.video = make("video", {muted: true, playsInline: true, autoplay: true, srcObject: this.stream});
    this.video.setAttribute("aria-label", this.words.live_picture);
    this.canvas = make("canvas");
    this.count = make("p", {className: "fcl-count"});
    this.line = make("p", {className: "fcl-said"});
    this.line.setAttribute("aria-live", "assertive");
    this.stage = make("div", {className: "fcl-stage"}, this.video, this.canvas, this.count, this.line);
    this.copy = document.createElement("canvas");
    this.n = 0; this.state = "waiting"; this.told = "";
    this.began = performance.now(); this.newest_s = -1;
    this.line.textContent = this.words.live_waiting;
    this.show(); this.number({count: 0, held_s: 0});
    await this.video.play().catch(() => {});
    this.speak("");  // browsers let a page speak only after a click
    this.stayAwake();
    if (this.state === "waiting") this.send({kind: "begin"});
  }

  // nobody touches the screen while exercising, and a screen that goes dark takes the camera with it
  async stayAwake() {
    if (!this.stream || document.visibilityState !== "visible" || (this.awake && !this.awake.released)) return;
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (this.stream) this.awake = lock; else lock?.release();
  }

  // a picture that stands still would be counted as somebody who holds still
  hasNewPicture() {
    const now = performance.now();
    if (this.video.videoWidth && !this.track.muted && this.video.currentTime !== this.newest_s) {
      this.newest_s = this.video.currentTime; this.newAt = now;
      return true;
    }
    if (document.hidden) this.newAt = now;  // out of sight, some browsers show no new pictures
    if (now - this.newAt > STILL_MS) this.cameraLost(); else this.again(WAIT_MS);
    return false;
  }

  again(after_ms) { clearTimeout(this.lost); this.lost = setTimeout(() => this.next(), after_ms); }

  next() {
    if (this.state !== "on" || !this.hasNewPicture()) return;
    const {videoWidth: w, videoHeight: h} = this.video, scale = Math.min(1, this.data.side_px / Math.max(w, h));
    this.copy.width = Math.round(w * scale); this.copy.height = Math.round(h * scale);
    this.copy.getContext("2d").drawImage(this.video, 0, 0, this.copy.width, this.copy.height);
    const at_s = (performance.now() - this.began) / 1000;
    const jpeg = this.copy.toDataURL("image/jpeg", this.data.quality).split(",")[1];
    this.n += 1;
    this.send({kind: "frame", n: this.n, at_s, jpeg});
    this.again(LOST_MS);
  }

  heard(answer) {
    this.draw(answer.points); this.number(answer);
    if (this.n === 1 || (this.unseen && !answer.unseen)) { this.line.textContent = ""; this.line.dataset.kind = ""; }
    this.unseen = answer.unseen;
    if (answer.said !== this.said && answer.say.length) {
      this.said = answer.said;
      const last = answer.say[answer.say.length - 1];
      const words = answer.say.filter(one => one.kind !== "count").map(one => one.words).join("  ");
      if (words) { this.line.textContent = SIGNS[last.kind] + words; this.line.dataset.kind = last.kind; }
      this.speak(answer.say.map(one => one.words).join(this.data.lang === "ja" ? "。" : ". "));
    } else if (answer.unseen) { this.line.textContent = this.words.live_unseen; this.line.dataset.kind = "fault"; }
    this.tell(answer.note ? "note" : this.mute ? "live_no_voice" : "");
    this.again(0);
  }

  number({count, held_s}) {
    const held = this.data.is_hold, unit = held ? this.words.live_held : this.words.live_reps;
    this.count.replaceChildren(String(held ? Math.floor(held_s) : count), make("small", {textContent: unit}));
  }

  draw(points) {
    const {videoWidth: w, videoHeight: h} = this.video, pen = this.canvas.getContext("2d");
    // the canvas lies on the box of the video, in which the picture keeps its shape
    const box = this.video.getBoundingClientRect(), scale = Math.min(box.width / w, box.height / h);
    this.canvas.width = box.width; this.canvas.height = box.height;
    if (!points.length) return;
    const left = (box.width - w * scale) / 2, top = (box.height - h * scale) / 2;
    const at = ([x, y]) => [left + x * w * scale, top + y * h * scale];
    for (const [colour, thick] of [["#10181a", 7], ["#ffd23f", 4]]) {
      pen.strokeStyle = colour; pen.lineWidth = thick; pen.lineCap = "round";
      for (const [a, b] of this.data.lines) {
        pen.beginPath(); pen.moveTo(...at(points[a])); pen.lineTo(...at(points[b])); pen.stroke();
      }
    }
  }

  speak(words) {
    const synthesis = window.speechSynthesis;
    if (!synthesis) return;
    // a voice that is not this device's own sends the words away; some browsers list none and speak all the same
    const voices = synthesis.getVoices(), {lang} = this.data;
    const voice = voices.find(one => one.localService && one.lang.toLowerCase().startsWith(lang));
    this.mute = this.aloud && voices.length > 0 && !voice;
    if (!this.aloud || this.mute) return;
    synthesis.cancel();  // what is new counts
    const said = new SpeechSynthesisUtterance(words);
    if (voice) said.voice = voice;
    said.lang = voice?.lang ?? TONGUES[lang]; said.rate = 1.1;
    synthesis.speak(said);
  }

  cameraLost() { this.stop(); this.tell("live_lost"); }
  stop() { this.close(); this.send({kind: "end"}); }
  release() {
    clearTimeout(this.lost);
    this.stream?.getTracks().forEach(track => track.stop());
    this.stream = null;
    this.awake?.release(); this.awake = null;
    window.speechSynthesis?.cancel();
  }
  leave() { this.gone = true; this.release(); document.removeEventListener("visibilitychange", this.seen); }
  close() { this.release(); this.state = "closed"; this.told = ""; this.show(); this.button.focus(); }
}

export default function (component) {
  const {data, parentElement, setTriggerValue} = component;
  const live = parentElement.fcLive ??= new Live(parentElement.querySelector(".fcl-root"));
  live.set(data, event => setTriggerValue("event", event));
  return () => { live.leave(); delete parentElement.fcLive; };
}
