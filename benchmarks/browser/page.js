// One page for every side: mounts what the address names, reads its pixels back, and times its frames.

// A drawing buffer that is not kept is empty when it is read. All sides get the same one.
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, options = {}) {
  return getContext.call(this, kind, kind.startsWith("webgl") ? { ...options, preserveDrawingBuffer: true } : options);
};

const READ = { width: 300, height: 200 };
const COLOURED = 60;

const here = document.getElementById("here");
const reading = new OffscreenCanvas(READ.width, READ.height).getContext("2d", { willReadFrequently: true });

/** What anywidget's model is, without a kernel behind it. */
class LocalModel {
  #callbacks = new Map();
  constructor(state) {
    this.state = state;
  }
  get(key) {
    return this.state[key];
  }
  set(key, value) {
    this.state[key] = value;
    for (const callback of this.#callbacks.get(`change:${key}`) ?? []) callback();
  }
  save_changes() {}
  send() {}
  on(names, callback) {
    for (const name of names.split(" "))
      this.#callbacks.set(name, (this.#callbacks.get(name) ?? new Set()).add(callback));
  }
  off(names, callback) {
    if (!names) return this.#callbacks.clear();
    for (const name of names.split(" ")) this.#callbacks.get(name)?.delete(callback);
  }
}

async function mountWidget(module, state) {
  const model = new LocalModel(state);
  const parts = typeof module.default === "function" ? await module.default() : module.default;
  await parts.initialize?.({ model });
  return () => parts.render({ model, el: here });
}

/** Loads code and data, and gives what puts them on the page. */
async function load(side, folder) {
  const meta = await (await fetch(`${folder}/state.json`)).json();
  const bytes = await (await fetch(`${folder}/state.bin`)).arrayBuffer();
  for (const { path, start, stop } of meta.buffers) {
    const last = path.pop();
    const target = path.reduce((value, key) => value[key], meta.state);
    target[last] = new DataView(bytes.slice(start, stop));
  }
  const style = document.createElement("style");
  style.textContent = meta.css;
  document.head.append(style);
  if (side !== "plotly") return mountWidget(await import(`${folder}/code.js`), meta.state);
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: `${folder}/code.js`, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  for (const trace of meta.state.data)
    for (const key of ["x", "y"]) trace[key] = new Float32Array(trace[key].buffer);
  return () => window.Plotly.newPlot(here, meta.state.data, meta.state.layout, meta.state.config);
}

/** The canvases of the view, the topmost last. */
function canvases(root = here) {
  const inside = [...root.querySelectorAll("*")];
  return inside.flatMap((node) => [
    ...(node instanceof HTMLCanvasElement ? [node] : []),
    ...(node.shadowRoot ? canvases(node.shadowRoot) : []),
  ]);
}

function largest() {
  const area = (canvas) => canvas.clientWidth * canvas.clientHeight;
  return canvases().reduce((best, canvas) => (best && area(best) >= area(canvas) ? best : canvas), undefined);
}

/** Pixels of the view at a third of its size; reading waits until the GPU has drawn them. */
function readPixels() {
  reading.clearRect(0, 0, READ.width, READ.height);
  for (const canvas of canvases())
    if (canvas.width && canvas.height) reading.drawImage(canvas, 0, 0, READ.width, READ.height);
  return reading.getImageData(0, 0, READ.width, READ.height).data;
}

function countColoured(pixels) {
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    const [r, g, b] = [pixels[i], pixels[i + 1], pixels[i + 2]];
    if (pixels[i + 3] > 40 && Math.max(r, g, b) - Math.min(r, g, b) > COLOURED) count++;
  }
  return count;
}

/** Milliseconds from here until so many pixels have a colour. */
function firstFrame(draw, wanted) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const look = () => {
      const count = countColoured(readPixels());
      const now = performance.now();
      if (count >= wanted) resolve({ ms: now - begin, coloured: count });
      else if (now - begin > 60_000) reject(new Error(`only ${count} coloured pixels after a minute`));
      else requestAnimationFrame(look);
    };
    Promise.resolve(draw()).catch(reject);
    requestAnimationFrame(look);
  });
}

let stamps = [];
let recording = false;
function record() {
  recording = true;
  stamps = [];
  const tick = (time) => {
    stamps.push(time);
    if (recording) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

let kept;
window.bench = {
  load: async (side, folder) => {
    window.draw = await load(side, folder);
  },
  show: (wanted) => firstFrame(window.draw, wanted),
  box: () => {
    const { x, y, width, height } = largest().getBoundingClientRect();
    return { x, y, width, height };
  },
  size: (width, height) => Object.assign(here.style, { width: `${width}px`, height: `${height}px` }) && undefined,
  record,
  frames: () => stamps.length,
  stop: () => {
    recording = false;
    return stamps.slice(1).map((stamp, i) => stamp - stamps[i]);
  },
  keepPixels: () => {
    kept = readPixels();
  },
  /** The share of the coloured pixels that are not as they were. */
  moved: () => {
    const now = readPixels();
    let changed = 0;
    for (let i = 0; i < now.length; i += 4) if (Math.abs(now[i] - kept[i]) + Math.abs(now[i + 1] - kept[i + 1]) > 40) changed++;
    return changed / Math.max(1, countColoured(kept));
  },
};
