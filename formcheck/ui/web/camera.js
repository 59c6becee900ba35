// Records from this device's camera and puts the clip where a chosen file would go; nothing is sent anywhere else.
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const fill = (words, details) => words.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "?");
const two = n => String(n).padStart(2, "0");
const KINDS = [["video/mp4;codecs=avc1", "mp4"], ["video/webm;codecs=vp9", "webm"], ["video/webm", "webm"],
  ["video/mp4", "mp4"]];

class Camera {
  constructor(root) { this.root = root; this.state = "closed"; }

  set(data) {
    this.data = data; this.words = data.words;
    if (this.lang !== data.lang) { this.lang = data.lang; this.show(); }
  }

  button(words, act, extra = "") {
    const button = make("button", {type: "button", className: `fcc-button ${extra}`, textContent: words});
    button.addEventListener("click", act);
    return button;
  }

  show() {
    const w = this.words, row = make("div", {className: "fcc-row"}), parts = [];
    if (this.state === "closed") row.append(this.button(w.camera_open, () => this.open()));
    if (this.state === "open") {
      row.append(this.button(w.camera_record, () => this.record(0), "fcc-main"),
        this.button(`${w.camera_wait} (${fill(w.camera_seconds, {n: 10})})`, () => this.record(10)),
        this.button(w.camera_close, () => this.close()));
    }
    if (this.state === "counting") row.append(this.button(w.camera_close, () => this.close()));
    if (this.state === "recording") row.append(this.button(w.camera_stop, () => this.recorder.stop(), "fcc-main"));
    if (this.state === "recorded") {
      row.append(this.button(w.camera_use, () => this.use(), "fcc-main"),
        this.button(w.camera_again, () => this.open()), this.button(w.camera_close, () => this.close()));
    }
    this.note = make("p", {className: "fcc-note"});
    this.note.setAttribute("role", "status");
    this.note.textContent = this.said ? w[this.said] : "";
    if (this.video && this.state !== "closed") parts.push(make("div", {className: "fcc-stage"}, this.video, this.over));
    this.root.replaceChildren(...parts, row, this.note);
  }

  say(code) { this.said = code; this.note.textContent = code ? this.words[code] : ""; }

  async open() {
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) { this.say("camera_none"); return; }
    this.release();
    try {
      const wish = {width: {ideal: 1920}, height: {ideal: 1080}, frameRate: {ideal: 60}, facingMode: "environment"};
      this.stream = await navigator.mediaDevices.getUserMedia({video: wish, audio: false});
    } catch { this.say("camera_denied"); return; }
    const is = this.stream.getVideoTracks()[0].getSettings();
    this.over = make("p", {className: "fcc-over", textContent: fill(this.words.camera_rate,
      {n: Math.round(is.frameRate || 0), w: is.width, h: is.height})});
    this.video = make("video", {muted: true, playsInline: true, autoplay: true, srcObject: this.stream});
    this.video.setAttribute("aria-label", this.words.camera_preview);
    this.said = null; this.state = "open"; this.show();
  }

  async record(wait) {
    this.state = "counting"; this.show();
    for (let left = wait; left > 0; left -= 1) {
      this.over.textContent = fill(this.words.camera_seconds, {n: left});
      await new Promise(done => setTimeout(done, 1000));
      if (this.state !== "counting") return;
    }
    const [type, ending] = KINDS.find(([kind]) => MediaRecorder.isTypeSupported(kind)) ?? ["", "webm"];
    const pieces = [], began = performance.now();
    this.recorder = new MediaRecorder(this.stream, {mimeType: type || undefined, videoBitsPerSecond: 12_000_000});
    this.recorder.ondataavailable = event => { if (event.data.size) pieces.push(event.data); };
    this.recorder.onstop = () => {
      clearInterval(this.ticking);
      const day = new Date();
      const name = `camera_${day.getFullYear()}${two(day.getMonth() + 1)}${two(day.getDate())}_` +
        `${two(day.getHours())}${two(day.getMinutes())}${two(day.getSeconds())}.${ending}`;
      this.file = new File(pieces, name, {type: type.split(";")[0] || "video/webm"});
      this.halt();
      this.video = make("video", {muted: true, playsInline: true, controls: true, src: URL.createObjectURL(this.file)});
      this.video.setAttribute("aria-label", name);
      this.over = make("p", {className: "fcc-over", textContent: name});
      this.state = "recorded"; this.show();
    };
    this.recorder.start(1000);
    this.state = "recording"; this.show();
    this.ticking = setInterval(() => {
      const s = Math.floor((performance.now() - began) / 1000);
      this.over.textContent = `● ${fill(this.words.camera_recording, {t: `${Math.floor(s / 60)}:${two(s % 60)}`})}`;
      if (s >= this.data.longest_s) this.recorder.stop();
    }, 250);
  }

  /** As if the file had been chosen by hand: the same way in, the same checks. */
  use() {
    const input = document.querySelector(`.st-key-${this.data.upload} input[type=file]`);
    if (!input) return;
    const carried = new DataTransfer();
    carried.items.add(this.file);
    input.files = carried.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
    this.close(); this.say("camera_handed");
  }

  halt() { this.stream?.getTracks().forEach(track => track.stop()); this.stream = null; }
  release() {
    this.halt(); clearInterval(this.ticking);
    if (this.video?.src) URL.revokeObjectURL(this.video.src);
    this.video = null; this.file = null;
  }
  close() { this.release(); this.said = null; this.state = "closed"; this.show(); }
}

export default function (component) {
  const {data, parentElement} = component;
  const camera = parentElement.fcCamera ??= new Camera(parentElement.querySelector(".fcc-root"));
  camera.set(data);
  return () => { camera.release(); delete parentElement.fcCamera; };
}
