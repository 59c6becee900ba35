// The player: one clip, or two in step. Frame by frame, slowed down, from moment to moment, with each layer of the
// drawing to be switched. Runs in the page itself, asks nothing of anybody but this page's own server.
const NOWHERE = -32768, PER_PX = 4, PER_DEG = 10;
const NEAR = "#0088d6", FAR = "#f7ca70", MARK = "#f0e442", WHITE = "#ffffff", RIM = "rgba(10,12,16,.78)";
const BAND = {near: "#0072b2", far: "#b4500b", rep: "#00795a", hold: "#7a4b9a"};
const SPEEDS = [1, 0.5, 0.25, 0.125], SPEED_NAMES = ["1", "1/2", "1/4", "1/8"];
const LAYERS = ["near", "far", "trunk", "angles", "outline"];
const ARMS = ["shoulder", "elbow", "wrist"], LEG = ["hip", "knee", "ankle", "heel", "foot_index"];
const WINDOW_S = 4;

const ICONS = {play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z", back: "M18 4v16L8 12zM5 4h2v16H5z",
  on: "M6 4v16l10-8zM17 4h2v16h-2z", first: "M21 4v16l-8-8zM12 4v16l-8-8zM2 4h2v16H2z",
  last: "M3 4v16l8-8zM12 4v16l8-8zM20 4h2v16h-2z"};
const icon = name => {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true"})) {
    svg.setAttribute(key, value);
  }
  const path = svg.appendChild(document.createElementNS(space, "path"));
  path.setAttribute("d", ICONS[name]); path.setAttribute("fill", "currentColor");
  return svg;
};
const make = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in node && name !== "list") node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
};
const fill = (words, details) => words.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "?");
const local = url => new URL(url.replace(/^\/+/, ""), document.baseURI.replace(/[?#].*$/, "")).href;
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/** Index of the last of the increasing `times` that is no later than t; -1 before the first. */
const before = (times, t) => {
  let low = 0, high = times.length;
  while (low < high) { const mid = (low + high) >> 1; if (times[mid] <= t) low = mid + 1; else high = mid; }
  return low - 1;
};

/** A clip on the screen: the video, what is drawn over it, and where it is in time. */
class Stage {
  constructor(words, onFrame) {
    this.words = words; this.onFrame = onFrame; this.tracks = null; this.t = 0; this.mode = "saved";
    this.layers = new Set(["near", "far", "trunk", "angles"]);
    this.video = make("video", {muted: true, playsInline: true, preload: "auto", tabIndex: -1});
    this.video.setAttribute("playsinline", "");
    this.canvas = make("canvas", {className: "fcp-over"});
    this.name = make("p", {className: "fcp-name"});
    this.sorry = make("p", {className: "fcp-sorry", hidden: true});
    this.box = make("div", {className: "fcp-stage"}, this.video, this.canvas, this.name, this.sorry);
    this.video.addEventListener("error", () => this.fail());
    this.video.addEventListener("seeked", () => this.show(this.video.currentTime / this.story.slow));
    this.video.addEventListener("loadeddata", () => {
      this.sorry.hidden = true; this.loading = false; this.watch(); this.seek(this.t);
    });
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(this.box);
  }

  set(data) {
    const fresh = !this.data || this.data.tracks !== data.tracks;
    this.data = data; this.story = data.story;
    this.box.style.aspectRatio = `${data.story.width} / ${data.story.height}`;
    this.box.classList.toggle("fcp-tall", data.story.height > data.story.width);
    this.name.textContent = data.name || ""; this.name.hidden = !data.name;
    this.video.setAttribute("aria-label", data.label || "");
    if (fresh) { this.t = data.at ?? 0; this.load(data); }
    if (this.mode === "layers" && !data.plain) this.mode = "saved";
    if (!data.clip) this.mode = "layers";  // nothing was drawn into a file: it is all drawn here
    this.source();
  }

  async load(data) {
    this.tracks = null;
    try {
      const buffer = await (await fetch(local(data.tracks))).arrayBuffer();
      if (this.data.tracks !== data.tracks) return;
      const kinds = {Float64Array, Int16Array, Uint8Array}, tracks = {};
      for (const [name, part] of Object.entries(data.parts)) {
        const size = part.shape.reduce((a, b) => a * b, 1);
        tracks[name] = {values: new kinds[part.type](buffer, part.at, size), shape: part.shape};
      }
      this.tracks = tracks; this.seek(this.t); this.onFrame(this);
    } catch { this.fail(); }
  }

  source() {
    const wanted = local(this.mode === "layers" ? this.data.plain : this.data.clip);
    if (this.video.src === wanted) { this.draw(); return; }
    const playing = !this.video.paused, rate = this.video.playbackRate;
    this.loading = true;  // its first picture is not the one that is wanted
    this.video.src = wanted; this.video.load(); this.video.playbackRate = rate; this.video.defaultPlaybackRate = rate;
    if (playing) this.video.play().catch(() => {});
  }

  fail() { this.sorry.textContent = this.words.player_failed; this.sorry.hidden = false; }

  /** Follow the pictures the browser really shows, each with its own time. */
  watch() {
    if (!this.video.requestVideoFrameCallback) {
      this.video.ontimeupdate = () => this.show(this.video.currentTime / this.story.slow);
      return;
    }
    const generation = this.generation = (this.generation || 0) + 1;
    const each = (_, frame) => {
      if (generation !== this.generation) return;
      this.show(frame.mediaTime / this.story.slow);
      this.video.requestVideoFrameCallback(each);
    };
    this.video.requestVideoFrameCallback(each);
  }

  get frames() { return this.tracks ? this.tracks.frames.values : null; }
  get index() { return this.frames ? clamp(before(this.frames, this.t + 1e-4), 0, this.frames.length - 1) : 0; }

  show(t) {
    if (this.loading) return;
    const frames = this.frames;
    this.t = frames && frames.length ? frames[clamp(before(frames, t + 1e-4), 0, frames.length - 1)] : t;
    this.draw(); this.onFrame(this);
  }

  /** Show the frame nearest to t. */
  seek(t) {
    this.t = clamp(t, 0, this.story.duration);
    const frames = this.frames;
    if (!frames || !frames.length) { this.video.currentTime = this.t * this.story.slow; return; }
    let i = clamp(before(frames, this.t), 0, frames.length - 1);
    if (i + 1 < frames.length && frames[i + 1] - this.t < this.t - frames[i]) i += 1;
    this.go(i);
  }

  /** Show frame i; a moment into its time, so that rounding does not show the one before. */
  go(i) {
    const frames = this.frames;
    i = clamp(i, 0, frames.length - 1);
    const next = i + 1 < frames.length ? frames[i + 1] : frames[i] + (i ? frames[i] - frames[i - 1] : 1 / 60);
    this.t = frames[i];
    this.video.currentTime = (frames[i] + 0.35 * (next - frames[i])) * this.story.slow;
    this.draw(); this.onFrame(this);
  }

  angle(i, t = this.t) {
    const {values, shape} = this.tracks.angles, at = (t - this.story.start) * this.story.rate;
    const low = Math.floor(at + 1e-6), share = at - low;
    if (low < 0 || low >= shape[1]) return NaN;
    const a = values[i * shape[1] + low], b = values[i * shape[1] + Math.min(low + 1, shape[1] - 1)];
    if (a === NOWHERE || b === NOWHERE) return NaN;
    return (a + clamp(share, 0, 1) * (b - a)) / PER_DEG;
  }

  body() {
    const {values, shape} = this.tracks.xy, n = shape[1], at = (this.t - this.story.start) * this.story.rate;
    const low = Math.floor(at + 1e-6), share = clamp(at - low, 0, 1), points = {};
    if (low < 0 || low >= shape[0]) return points;
    const high = Math.min(low + 1, shape[0] - 1), solid = this.tracks.solid.values;
    this.story.landmarks.forEach((name, k) => {
      const a = 2 * (low * n + k), b = 2 * (high * n + k);
      if (values[a] === NOWHERE || values[b] === NOWHERE) return;
      points[name] = {
        x: (values[a] + share * (values[b] - values[a])) / PER_PX,
        y: (values[a + 1] + share * (values[b + 1] - values[a + 1])) / PER_PX,
        solid: solid[low * n + k] / 255,
      };
    });
    for (const joint of ["hip", "shoulder"]) {
      const [l, r] = [points[`left_${joint}`], points[`right_${joint}`]];
      if (l && r) points[`${joint}s`] = {x: (l.x + r.x) / 2, y: (l.y + r.y) / 2, solid: Math.min(l.solid, r.solid)};
    }
    return points;
  }

  draw() {
    const width = this.box.clientWidth, height = this.box.clientHeight, dense = window.devicePixelRatio || 1;
    if (!width || !this.story) return;
    this.canvas.width = width * dense; this.canvas.height = height * dense;
    if (this.mode !== "layers" || !this.tracks) return;
    // the picture keeps its shape inside the box
    const {width: wide, height: high} = this.story, scale = Math.min(width / wide, height / high);
    const g = this.canvas.getContext("2d"), left = (width - scale * wide) / 2, top = (height - scale * high) / 2;
    g.setTransform(dense, 0, 0, dense, dense * left, dense * top);
    g.lineCap = g.lineJoin = "round";
    const brush = new Brush(g, scale, clamp(scale * Math.min(wide, high) / 420, 0.6, 1.6));
    const body = this.body(), near = this.story.near, far = near === "left" ? "right" : "left";
    if (this.layers.has("outline")) this.outline(brush);
    if (this.layers.has("far")) limbs(brush, body, far, FAR, 2.4, true);
    if (this.layers.has("trunk")) trunk(brush, body, this.up());
    if (this.layers.has("near")) limbs(brush, body, near, NEAR, 4.4, false);
    if (this.layers.has("angles")) this.angles(brush, body, near);
  }

  up() {
    const slope = this.story.level * Math.PI / 180, way = this.story.facing || 1;
    return {x: -way * Math.sin(slope), y: -Math.cos(slope)};
  }

  outline(brush) {
    const part = this.tracks.outline;
    if (!part || !part.shape[1]) return;
    const times = this.tracks.outline_s.values, n = part.shape[1];
    let i = before(times, this.t + 1e-4);
    if (i + 1 < times.length && (i < 0 || times[i + 1] - this.t < this.t - times[i])) i += 1;
    if (i < 0 || Math.abs(times[i] - this.t) > 0.05) return;
    const points = [];
    for (let k = 0; k < n; k += 1) {
      const x = part.values[2 * (i * n + k)], y = part.values[2 * (i * n + k) + 1];
      if (x >= 0) points.push({x: x / PER_PX, y: y / PER_PX});
    }
    if (points.length > 2) brush.line([...points, points[0]], "#7ee0b8", 1.6, 1);
  }

  angles(brush, body, near) {
    this.story.angles.forEach((angle, i) => {
      // two angles at one knee would hide each other
      if (angle.kind === "curve" || (angle.side && angle.side !== near) || angle.series.startsWith("shank")) return;
      const degrees = this.angle(i), points = angle.points.map(name => body[name]);
      if (!Number.isFinite(degrees) || points.some(p => !p)) return;
      const up = this.up(), [a, b, c] = points;
      const corner = angle.kind === "bend" ? b : a, end = angle.kind === "bend" ? c : b;
      const from = angle.kind === "bend" ? {x: b.x - a.x, y: b.y - a.y}
        : angle.kind === "upright" ? up : {x: -up.x, y: -up.y};
      const to = {x: end.x - corner.x, y: end.y - corner.y};
      const reach = 0.55 * Math.hypot(to.x, to.y);
      brush.dots(corner, from, 1.25 * reach);
      brush.arc(corner, from, to, reach);
      const middle = Math.atan2(from.y, from.x) + 0.5 * turn(from, to);
      const sideways = {x: corner.x + 1.2 * reach * Math.cos(middle), y: corner.y + 1.2 * reach * Math.sin(middle)};
      brush.label(`${Math.round(degrees)}°`, sideways);
    });
  }

  stop() { this.resize.disconnect(); this.generation = -1; this.video.pause(); this.video.removeAttribute("src"); }
}

const turn = (from, to) => {
  const d = Math.atan2(to.y, to.x) - Math.atan2(from.y, from.x);
  return Math.atan2(Math.sin(d), Math.cos(d));
};

/** Lines and labels with a dark rim, at places in pixels of the clip as it was filmed. */
class Brush {
  constructor(g, scale, size) { this.g = g; this.scale = scale; this.size = size; }
  path(points) {
    this.g.beginPath();
    points.forEach((p, i) => this.g[i ? "lineTo" : "moveTo"](p.x * this.scale, p.y * this.scale));
  }
  line(points, color, width, alpha, dashed) {
    const g = this.g;
    g.globalAlpha = alpha; g.setLineDash([]);
    this.path(points); g.strokeStyle = RIM; g.lineWidth = (width + 2) * this.size; g.stroke();
    g.setLineDash(dashed ? [7 * this.size, 5 * this.size] : []);
    this.path(points); g.strokeStyle = color; g.lineWidth = width * this.size; g.stroke();
    g.globalAlpha = 1; g.setLineDash([]);
  }
  dot(p, color, radius) {
    const g = this.g;
    g.globalAlpha = p.solid ?? 1; g.beginPath();
    g.arc(p.x * this.scale, p.y * this.scale, radius * this.size, 0, 7);
    g.fillStyle = color; g.strokeStyle = RIM; g.lineWidth = 1.4 * this.size; g.stroke(); g.fill(); g.globalAlpha = 1;
  }
  dots(corner, way, length) {
    const n = Math.hypot(way.x, way.y) || 1, end = {x: corner.x + way.x / n * length, y: corner.y + way.y / n * length};
    this.g.setLineDash([1, 6 * this.size]);
    this.path([corner, end]); this.g.strokeStyle = MARK; this.g.lineWidth = 2.2 * this.size; this.g.stroke();
    this.g.setLineDash([]);
  }
  arc(corner, from, to, reach) {
    const start = Math.atan2(from.y, from.x), g = this.g, by = turn(from, to);
    for (const [color, width] of [[RIM, 4.6], [MARK, 2.6]]) {
      g.beginPath(); g.arc(corner.x * this.scale, corner.y * this.scale, reach * this.scale, start, start + by, by < 0);
      g.strokeStyle = color; g.lineWidth = width * this.size; g.stroke();
    }
  }
  label(words, p) {
    const g = this.g, size = Math.round(clamp(15 * this.size, 13, 20));
    g.font = `700 ${size}px system-ui, sans-serif`; g.textAlign = "center"; g.textBaseline = "middle";
    const wide = g.measureText(words).width + 10, x = p.x * this.scale, y = p.y * this.scale;
    g.fillStyle = "rgba(10,12,16,.82)"; g.beginPath(); g.roundRect(x - wide / 2, y - size * 0.7, wide, size * 1.4, 5);
    g.fill(); g.fillStyle = WHITE; g.fillText(words, x, y + 1);
  }
}

const limbs = (brush, body, side, color, width, dashed) => {
  for (const joints of [ARMS, LEG]) {
    for (let i = 0; i + 1 < joints.length; i += 1) {
      const [a, b] = [body[`${side}_${joints[i]}`], body[`${side}_${joints[i + 1]}`]];
      if (a && b) brush.line([a, b], color, width, Math.min(a.solid, b.solid), dashed);
    }
    for (const joint of joints) {
      const p = body[`${side}_${joint}`];
      if (p && joint !== "heel") brush.dot(p, dashed ? color : WHITE, dashed ? 2.4 : 3.2);
    }
  }
};

const trunk = (brush, body, up) => {
  const {hips, shoulders} = body;
  if (!hips || !shoulders) return;
  const long = Math.hypot(shoulders.x - hips.x, shoulders.y - hips.y);
  brush.dots(hips, up, 1.15 * long);
  brush.line([hips, shoulders], WHITE, 3.2, 1);
};

/** Stage(s), buttons, lists and the strip. */
class Player {
  constructor(root) { this.root = root; this.speed = 0; this.kind = null; this.curve = null; this.seekCount = null; }

  set(data, words) {
    this.data = data; this.words = words;
    if (!this.built || this.lang !== data.lang || this.count !== data.clips.length) this.build();
    data.clips.forEach((clip, i) => this.stages[i].set(clip));
    this.story = data.clips[0].story;
    this.turn(this.story.near);
    this.root.style.setProperty("--fcp-ratio", data.clips.map(c => c.story.width / c.story.height).join(" "));
    this.fillKinds(); this.fillCurves(); this.chips(); this.layers(); this.frame();
    // a player that is there anew, as after a visit to another part of the page, begins at its clip's own moment
    const asked = data.seek?.n ?? 0, fresh = this.seekCount === null;
    if (asked && !fresh && asked !== this.seekCount) this.jump(data.seek.t, data.seek.quiet !== true);
    if (asked || fresh) this.seekCount = asked;
  }

  /** Whose near leg was looked at in one clip looks at the near leg in the next, be it the other one. */
  turn(near) {
    if (this.near && near !== this.near) {
      const swap = words => words && words.replace(/left|right/, side => side === "left" ? "right" : "left");
      this.kind = swap(this.kind); this.curve = swap(this.curve);
    }
    this.near = near;
  }

  build() {
    const w = this.words, old = this.stages;
    this.built = true; this.lang = this.data.lang; this.count = this.data.clips.length;
    const was = old ? {t: old[0].t, mode: old[0].mode, layers: old[0].layers} : null;
    if (old) old.forEach(stage => stage.stop());
    this.stages = this.data.clips.map((_, i) => new Stage(w, () => i === 0 ? this.frame() : this.tell()));
    if (was) this.stages.forEach(s => { s.mode = was.mode; s.layers = was.layers; });
    this.stages[0].video.addEventListener("play", () => this.state());
    this.stages[0].video.addEventListener("pause", () => this.state());
    this.play = this.button("fcp-play", w.player_play, icon("play"), () => this.toggle());
    const transport = make("div", {className: "fcp-row", role: "group", ariaLabel: w.player_controls},
      this.button("", w.player_moment_back, icon("first"), () => this.step(-1)),
      this.button("", w.player_frame_back, icon("back"), () => this.by(-1)), this.play,
      this.button("", w.player_frame_on, icon("on"), () => this.by(1)),
      this.button("", w.player_moment_on, icon("last"), () => this.step(1)), this.speeds());
    this.clock = make("output", {className: "fcp-clock"});
    this.slider = make("input", {type: "range", min: 0, step: "any", className: "fcp-slider",
      ariaLabel: w.player_where});
    this.slider.addEventListener("input", () => this.to(Number(this.slider.value)));
    this.strip = make("canvas", {className: "fcp-strip", ariaHidden: "true"});
    this.strip.addEventListener("pointerdown", event => { this.strip.setPointerCapture(event.pointerId);
      this.held = this.span(); this.scrub(event); });
    this.strip.addEventListener("pointermove", event => { if (this.held) this.scrub(event); });
    for (const end of ["pointerup", "pointercancel"]) this.strip.addEventListener(end, () => {
      this.held = null; this.drawStrip(); });
    this.kinds = make("select", {ariaLabel: w.player_moments, className: "fcp-kinds"});
    this.kinds.addEventListener("change", () => { this.kind = this.kinds.value; this.chips(); });
    this.curves = make("select", {ariaLabel: w.player_curve, className: "fcp-curves"});
    this.curves.addEventListener("change", () => { this.curve = this.curves.value; this.drawStrip(); });
    this.list = make("div", {className: "fcp-chips", role: "group", ariaLabel: w.player_moments});
    this.switches = make("div", {className: "fcp-row fcp-layers", role: "group", ariaLabel: w.player_layers});
    this.readout = make("p", {className: "fcp-readout"});
    const help = make("p", {className: "fcp-help", textContent: w.player_keys});
    const stages = make("div", {className: "fcp-stages"}, ...this.stages.map(s => s.box));
    const body = make("div", {className: `fcp fcp-${this.count}`, tabIndex: 0, role: "group",
      ariaLabel: w.player_name},
      stages, make("div", {className: "fcp-panel"}, transport, this.clock, this.slider, this.strip,
        make("div", {className: "fcp-row"}, this.kinds, this.curves), this.list, this.switches, this.readout, help));
    body.addEventListener("keydown", event => this.key(event));
    this.stages.forEach(s => s.box.addEventListener("click", () => { this.toggle(); body.focus(); }));
    this.body?.remove(); this.body = body; this.root.append(body);
    this.stripSize?.disconnect(); this.stripSize = new ResizeObserver(() => this.drawStrip());
    this.stripSize.observe(this.strip);
    if (was) this.data.clips.forEach(c => { c.at = was.t; });
  }

  button(extra, name, face, act) {
    const props = {type: "button", className: `fcp-button ${extra}`, title: name, ariaLabel: name};
    const button = make("button", props, face);
    button.addEventListener("click", act);
    return button;
  }

  speeds() {
    const group = make("div", {className: "fcp-speeds", role: "group", ariaLabel: this.words.player_speed});
    this.speedButtons = SPEEDS.map((_, i) => {
      const button = this.button("fcp-speed", fill(this.words.player_times, {n: SPEED_NAMES[i]}), SPEED_NAMES[i] + "×",
        () => this.setSpeed(i));
      button.setAttribute("aria-pressed", String(i === this.speed));
      group.append(button);
      return button;
    });
    return group;
  }

  setSpeed(i) {
    this.speed = clamp(i, 0, SPEEDS.length - 1);
    this.speedButtons.forEach((b, k) => b.setAttribute("aria-pressed", String(k === this.speed)));
    this.stages.forEach(s => { s.video.playbackRate = s.video.defaultPlaybackRate = SPEEDS[this.speed]; });
  }

  fillKinds() {
    const found = new Map();
    for (const m of this.story.moments) found.set(`${m.kind} ${m.side ?? ""}`, m);
    const names = [...found].map(([key, m]) => [key, this.momentName(m)]);
    names.sort((a, b) => a[0].localeCompare(b[0]));
    const usual = [`contact ${this.story.near}`, ...found.keys()];
    if (!found.has(this.kind)) this.kind = usual.find(key => found.has(key)) ?? "";
    this.kinds.replaceChildren(...names.map(([key, name]) =>
      make("option", {value: key, textContent: name, selected: key === this.kind})));
    this.kinds.hidden = !names.length;
  }

  fillCurves() {
    const names = this.story.angles.map(a => [a.series, this.angleName(a)]);
    if (!names.some(([series]) => series === this.curve)) {
      this.curve = (names.find(([s]) => s === "curve_deg") ?? names.find(([s]) => s.startsWith(`knee_flexion_${this.story.near}`)) ?? names[0] ?? [""])[0];
    }
    this.curves.replaceChildren(...names.map(([series, name]) =>
      make("option", {value: series, textContent: name, selected: series === this.curve})));
    this.curves.hidden = !names.length;
  }

  momentName(m) {
    const kind = this.words[`moment_${m.kind}`] ?? m.kind;
    return m.side ? fill(this.words.player_of_side, {what: kind, side: this.words[`side_${m.side}`]}) : kind;
  }

  angleName(a) {
    const what = this.words[`angle_${a.series.replace(/_(left|right)/, "")}`] ?? a.series;
    return a.side ? fill(this.words.player_of_side, {what, side: this.words[`side_${a.side}`]}) : what;
  }

  mine() { return this.story.moments.filter(m => `${m.kind} ${m.side ?? ""}` === this.kind); }

  chips() {
    this.shown = this.mine();
    this.list.replaceChildren(...this.shown.map((m, i) => {
      const words = `${i + 1} · ${m.t.toFixed(2)} s`, name = `${this.momentName(m)} ${words}`;
      const chip = this.button(`fcp-chip${m.clean ? "" : " fcp-doubtful"}`, m.clean ? name
        : `${name}, ${this.words.player_doubtful}`, m.clean ? words : `${words} ?`, () => this.to(m.t));
      return chip;
    }));
    this.marked = -1; this.frame();
  }

  layers() {
    const first = this.stages[0], plain = this.data.clips.every(c => c.plain), w = this.words;
    const has = name => name === "outline" ? this.data.clips.some(c => c.parts.outline)
      : name !== "saved" || this.data.clips.every(c => c.clip);
    const items = ["saved", "none", ...LAYERS].filter(has).map(n => [n, w[`layer_${n}`]]);
    this.switches.replaceChildren(...items.map(([name, words]) => {
      const on = name === "saved" ? first.mode === "saved"
        : first.mode === "layers" && (name === "none" ? !first.layers.size : first.layers.has(name));
      const button = this.button("fcp-layer", words, `${on ? "✓ " : ""}${words}`, () => this.layer(name));
      button.dataset.layer = name;
      button.setAttribute("aria-pressed", String(on));
      button.disabled = name !== "saved" && !plain;
      return button;
    }));
    this.switches.title = plain ? "" : w.player_plain_soon;
  }

  layer(name) {
    const was = this.stages[0].mode === "layers", set = new Set(this.stages[0].layers);
    if (name === "none") set.clear();
    else if (name !== "saved") { if (was && set.has(name)) set.delete(name); else set.add(name); }
    this.stages.forEach(s => { s.mode = name === "saved" ? "saved" : "layers"; s.layers = set; s.source(); });
    this.layers();
    this.switches.querySelector(`[data-layer=${name}]`)?.focus();
    this.frame();
  }

  // ------------------------------------------------------------------------------------------------- in time

  partner(t) {
    const anchors = this.data.anchors;
    if (!anchors || anchors.length < 2) return t;
    let k = clamp(before(anchors.map(a => a[0]), t), 0, anchors.length - 2);
    const [a, b] = [anchors[k], anchors[k + 1]];
    return a[1] + (t - a[0]) * (b[1] - a[1]) / ((b[0] - a[0]) || 1);
  }

  to(t) { this.pause(); this.stages[0].seek(t); this.follow(true); }
  jump(t, scroll) {
    this.to(t);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (scroll) this.body.scrollIntoView({block: "nearest", behavior: calm ? "auto" : "smooth"});
  }
  by(n) { this.pause(); const s = this.stages[0]; if (s.frames) { s.go(s.index + n); this.follow(true); } }

  /** To the moment before or after, of the kind that is listed. */
  step(way) {
    const t = this.stages[0].t, half = 0.6 / (this.story.rate || 60), times = this.mine().map(m => m.t);
    const next = way > 0 ? times.find(x => x > t + half) : times.filter(x => x < t - half).pop();
    if (next !== undefined) this.to(next);
  }

  /** The second clip keeps in step with the first. */
  follow(exactly) {
    const other = this.stages[1];
    if (!other || !other.story) return;
    const wanted = clamp(this.partner(this.stages[0].t), 0, other.story.duration), off = wanted - other.t;
    if (exactly || Math.abs(off) > 0.15) { other.seek(wanted); return; }
    const rate = SPEEDS[this.speed], slope = (this.partner(this.stages[0].t + 0.1) - wanted) / 0.1;
    other.video.playbackRate = clamp(rate * (slope + 2 * off), 0.0625, 4);
  }

  toggle() { if (this.stages[0].video.paused) this.start(); else this.pause(); }
  start() {
    const first = this.stages[0];
    if (first.t > this.story.duration - 0.1) first.seek(0);
    this.follow(true);
    this.stages.forEach(s => s.video.play().catch(() => {}));
  }
  pause() { this.stages.forEach(s => s.video.pause()); }
  state() {
    const paused = this.stages[0].video.paused;
    if (paused && this.stages[1]) { this.stages[1].video.pause(); this.follow(true); }
    this.play.replaceChildren(icon(paused ? "play" : "pause"));
    this.play.title = this.play.ariaLabel = paused ? this.words.player_play : this.words.player_pause;
  }

  key(event) {
    const tag = event.target.tagName;
    if (event.ctrlKey || event.metaKey || event.altKey || tag === "SELECT") return;
    const does = {ArrowLeft: () => event.shiftKey ? this.step(-1) : this.by(-1),
      ArrowRight: () => event.shiftKey ? this.step(1) : this.by(1), ",": () => this.by(-1), ".": () => this.by(1),
      ArrowUp: () => this.setSpeed(this.speed - 1), ArrowDown: () => this.setSpeed(this.speed + 1),
      Home: () => this.to(0), End: () => this.to(this.story.duration),
      " ": tag === "BUTTON" ? null : () => this.toggle(), k: () => this.toggle()}[event.key];
    if (!does) return;
    event.preventDefault(); event.stopPropagation(); does();
  }

  scrub(event) {
    const box = this.strip.getBoundingClientRect(), [from, to] = this.held;
    this.to(from + clamp((event.clientX - box.left) / box.width, 0, 1) * (to - from));
  }

  span() {
    const all = this.story.duration;
    if (all <= WINDOW_S * 1.5) return [0, all];
    const from = clamp(this.stages[0].t - WINDOW_S / 2, 0, all - WINDOW_S);
    return [from, from + WINDOW_S];
  }

  frame() {
    const stage = this.stages?.[0];
    if (!stage?.story || !this.story) return;
    if (!stage.video.paused) this.follow(false);
    const n = stage.frames ? stage.frames.length : 0;
    this.clock.textContent = fill(this.words.player_clock, {t: stage.t.toFixed(3), i: stage.index + 1, n});
    this.slider.max = this.story.duration; this.slider.value = stage.t;
    this.slider.setAttribute("aria-valuetext", this.clock.textContent);
    this.root.dataset.t = stage.t.toFixed(4);
    this.tell();
    const half = 0.6 / (this.story.rate || 60);
    const now = (this.shown ?? []).findIndex(m => Math.abs(m.t - stage.t) <= half);
    if (now !== this.marked) {
      [...this.list.children].forEach((chip, i) => chip.toggleAttribute("aria-current", i === now));
      const chip = this.list.children[now];
      if (chip) this.list.scrollLeft = chip.offsetLeft - this.list.clientWidth / 2 + chip.offsetWidth / 2;
      this.marked = now;
    }
    this.drawStrip();
  }

  tell() {
    this.readout.replaceChildren(...this.stages.map(s => make("span", {textContent: s.story ? this.reading(s) : ""})));
  }

  /** The angles of the near side, and whose they are where there are two clips. */
  reading(stage) {
    if (!stage.tracks) return "";
    const words = stage.story.angles.filter(a => !a.side || a.side === stage.story.near).map(a => {
      const degrees = stage.angle(stage.story.angles.indexOf(a));
      return `${this.angleName(a)} ${Number.isFinite(degrees) ? `${Math.round(degrees)}°` : "–"}`;
    }).join(" · ");
    return stage.data.name ? `${stage.data.name}: ${words}` : words;
  }

  drawStrip() {
    const width = this.strip.clientWidth, height = this.strip.clientHeight, dense = window.devicePixelRatio || 1;
    if (!width || !this.story) return;
    this.strip.width = width * dense; this.strip.height = height * dense;
    const g = this.strip.getContext("2d"), stage = this.stages[0];
    g.setTransform(dense, 0, 0, dense, 0, 0);
    const [from, to] = this.held ?? this.span(), x = t => (t - from) / (to - from) * width;
    const rows = [...new Set(this.story.bands.map(b => b.row))], row = 13, foot = 16;
    const top = height - foot - rows.length * (row + 2);
    this.drawTicks(g, from, to, x, height, width);
    if (stage.tracks && this.curve) this.drawCurve(g, stage, from, to, x, top - 2, width);
    g.font = "700 10px system-ui, sans-serif"; g.textBaseline = "middle"; g.textAlign = "left";
    rows.forEach((name, k) => {
      const y = top + k * (row + 2);
      const look = name === stage.story.near ? "near" : name === "left" || name === "right" ? "far" : name;
      for (const b of this.story.bands) {
        if (b.row !== name || b.to < from || b.from > to) continue;
        g.globalAlpha = b.clean ? 1 : 0.4; g.fillStyle = BAND[look] ?? "#555";
        g.beginPath(); g.roundRect(x(b.from), y, Math.max(x(b.to) - x(b.from), 2), row, 3); g.fill();
      }
      g.globalAlpha = 1;
      const words = this.words[`band_${name}`] ?? name, wide = g.measureText(words).width + 6;
      g.fillStyle = "rgba(255,255,255,.9)"; g.fillRect(0, y, wide, row);
      g.fillStyle = "#1d2b2e"; g.fillText(words, 3, y + row / 2 + 1);
    });
    for (const m of this.story.moments) {
      if (m.t < from || m.t > to || `${m.kind} ${m.side ?? ""}` !== this.kind) continue;
      g.strokeStyle = "#1d2b2e"; g.lineWidth = 1; g.setLineDash([2, 3]); g.beginPath();
      g.moveTo(x(m.t), 0); g.lineTo(x(m.t), height - foot); g.stroke(); g.setLineDash([]);
    }
    g.fillStyle = "#b3261e"; g.fillRect(x(stage.t) - 1, 0, 2, height - foot + 3);
    g.beginPath(); g.moveTo(x(stage.t) - 5, 0); g.lineTo(x(stage.t) + 5, 0); g.lineTo(x(stage.t), 7); g.fill();
  }

  drawTicks(g, from, to, x, height, width) {
    const step = [0.1, 0.2, 0.5, 1, 2, 5].find(s => (to - from) / s <= width / 44) ?? 10;
    g.font = "11px system-ui, sans-serif"; g.textAlign = "center"; g.textBaseline = "bottom"; g.lineWidth = 1;
    for (let t = Math.ceil(from / step) * step; t <= to + 1e-6; t += step) {
      g.strokeStyle = "#dfe6e7"; g.beginPath(); g.moveTo(x(t), 0); g.lineTo(x(t), height - 14); g.stroke();
      const words = t.toFixed(step < 1 ? 1 : 0);
      g.fillStyle = "#3d4a4f"; g.fillText(words, clamp(x(t), 10, width - 12), height);
    }
  }

  drawCurve(g, stage, from, to, x, height, width) {
    const i = this.story.angles.findIndex(a => a.series === this.curve);
    if (i < 0) return;
    const values = [];
    for (let px = 0; px <= width; px += 1) values.push(stage.angle(i, from + px / width * (to - from)));
    const seen = values.filter(Number.isFinite);
    if (!seen.length) return;
    const {values: all, shape} = stage.tracks.angles;
    const key = `${this.curve} ${this.data.clips[0].tracks}`;
    if (this.scaleOf !== key) {
      let low = Infinity, high = -Infinity;
      for (let k = i * shape[1]; k < (i + 1) * shape[1]; k += 1) {
        if (all[k] !== NOWHERE) { low = Math.min(low, all[k]); high = Math.max(high, all[k]); }
      }
      this.scaleOf = key; this.scale = [low / PER_DEG, high / PER_DEG];
    }
    const [low, high] = this.scale, y = v => 6 + (high - v) / ((high - low) || 1) * (height - 12);
    g.strokeStyle = "#37474f"; g.lineWidth = 1.8; g.beginPath();
    let pen = false;
    values.forEach((v, px) => {
      if (!Number.isFinite(v)) { pen = false; return; }
      g[pen ? "lineTo" : "moveTo"](px, y(v)); pen = true;
    });
    g.stroke();
    g.font = "11px system-ui, sans-serif"; g.textAlign = "right"; g.fillStyle = "#3d4a4f";
    for (const [value, place] of [[high, 8], [low, height - 6]]) {
      const words = `${Math.round(value)}°`, wide = g.measureText(words).width + 4;
      g.fillStyle = "rgba(255,255,255,.9)"; g.fillRect(width - wide, place - 7, wide, 14);
      g.fillStyle = "#3d4a4f"; g.textBaseline = "middle"; g.fillText(words, width - 2, place);
    }
  }

  stop() { this.stages?.forEach(s => s.stop()); this.stripSize?.disconnect(); }
}

const players = new Map();

/** Anything on the page with data-fc-seek="seconds" leads here. */
const onPage = event => {
  const target = event.target.closest?.("[data-fc-seek]");
  if (!target || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  const player = players.get(target.dataset.fcPlayer || "review");
  if (!player) return;
  event.preventDefault();
  player.jump(Number(target.dataset.fcSeek), true);
};

export default function (component) {
  const {data, parentElement} = component;
  let player = parentElement.fcPlayer;
  if (!player) {
    player = parentElement.fcPlayer = new Player(parentElement.querySelector(".fcp-root"));
    if (!players.size) for (const kind of ["click", "keydown"]) document.addEventListener(kind, onPage);
  }
  players.set(data.name, player);
  player.set(data, data.words);
  return () => {
    if (players.get(data.name) === player) players.delete(data.name);
    if (!players.size) for (const kind of ["click", "keydown"]) document.removeEventListener(kind, onPage);
    player.stop(); delete parentElement.fcPlayer;
  };
}
