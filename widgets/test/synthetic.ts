import { encodeRows } from "../src/decode";
import type { ClusterLabel, Model, WireArray, WireColor } from "../src/model";
import type { Payload } from "../src/source/source";

export const NAMES = [
  "space, orbit, nasa, launch",
  "hockey, team, season",
  "windows, driver, files",
  "encryption, clipper chip, privacy",
  "car, engine, dealer",
  "medicine, patients, doctors and treatment of pain",
  "guns",
  "baseball, pitcher, runs",
  "motorcycle, helmet, ride",
  "religion, faith, scripture",
  "graphics, image, polygon",
  "for sale, shipping",
];

const COLORS = [
  ...["#d21820", "#1869ff", "#008a00", "#f36dff", "#710079", "#9a8a00", "#00a2a6", "#9a4d42"],
  ...["#5571ff", "#e07b00", "#00734c", "#c2007b", "#b8b8b8"],
];

/** A reproducible random number generator (mulberry32): tests and pictures look the same every time. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Synthetic {
  coords: Float32Array;
  codes: Uint16Array;
  values: Float32Array;
  labels: ClusterLabel[];
}

/** Points in a dozen clusters of different size and spread, and an eighth of them in none. */
export function synthetic(n: number, seed = 7): Synthetic {
  const random = generator(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const centers = NAMES.map((_, i) => {
    const angle = i * 2.39996;
    const radius = 0.84 * Math.sqrt((i + 0.6) / NAMES.length);
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), spread: 0.04 + 0.06 * random() };
  });
  const coords = new Float32Array(2 * n);
  const codes = new Uint16Array(n);
  const values = new Float32Array(n);
  for (let row = 0; row < n; row++) {
    const code = random() < 0.12 ? NAMES.length : Math.floor(NAMES.length * random() ** 1.7);
    const center = centers[code];
    const skew = normal() * 0.5;
    coords[2 * row] = clip(center ? center.x + center.spread * (normal() + skew) : normal() * 0.45);
    coords[2 * row + 1] = clip(center ? center.y + center.spread * (normal() * 0.8 - skew) : normal() * 0.45);
    codes[row] = code;
    values[row] = code === NAMES.length ? Number.NaN : Math.exp(-8 * (center?.spread ?? 0)) + 0.1 * random();
  }
  const labels = centers.map(({ x, y }, code) => ({
    name: NAMES[code] as string,
    x,
    y,
    code,
    min_zoom: 1,
    max_zoom: null,
    size: codes.reduce((sum, other) => sum + Number(other === code), 0),
  }));
  return { coords, codes, values, labels };
}

export function category({ codes }: Synthetic): WireColor {
  const names = [...NAMES, "unclustered"];
  return {
    kind: "category",
    column: "cluster",
    title: "Cluster",
    codes: wire(codes, "uint16", [codes.length]),
    names,
    colors: COLORS,
    counts: names.map((_, code) => codes.reduce((sum, other) => sum + Number(other === code), 0)),
  };
}

export function number({ values }: Synthetic): WireColor {
  return {
    kind: "number",
    column: "trust",
    title: "Trust of the map",
    values: wire(values, "float32", [values.length]),
    range: [0.4, 0.8],
    range_labels: ["≤ 0.4", "0.8"],
    ramp: ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"],
  };
}

export function traits(data: Synthetic): Model {
  const n = data.codes.length;
  return {
    panes: ["map"],
    universe: {
      n,
      modality: "text",
      title: "20 Newsgroups",
      facts: `${n.toLocaleString("en-US")} texts · all-MiniLM-L6-v2 · UMAP, trustworthiness 0.97 · 12 clusters, 12 % unclustered`,
    },
    coords: wire(data.coords, "float32", [n, 2]),
    coords_b: {},
    color: category(data),
    color_by: "cluster",
    color_choices: [
      { key: "cluster", title: "Cluster", kind: "category" },
      { key: "trust", title: "Trust of the map", kind: "number" },
    ],
    labels: data.labels,
    labels_b: [],
    morph: 0,
    comparison: {},
    selection_rows: encodeRows(new Uint32Array(0)),
    hover_columns: ["label"],
    layout_by: "umap",
    layout_choices: [
      { key: "umap", title: "UMAP" },
      { key: "pca", title: "PCA" },
    ],
    query: {},
    n_neighbors: 12,
    saved_selections: [],
    workbench: {},
    job: {},
    training: {},
    map_step: -1,
    height: 560,
    theme: "light",
  };
}

export function payload(row: number): Payload {
  return {
    row,
    id: `item-${row}`,
    title: "Re: Shuttle launch delayed again",
    text: `The launch window for mission ${row} opens on Thursday. Weather permitting, the orbiter will lift off shortly after ten, carrying the new telescope and a crew of five; the countdown was stopped twice last week.`,
    columns: { label: "sci.space", split: "train" },
    thumbnail: null,
  };
}

function wire(array: ArrayBufferView, dtype: WireArray["dtype"], shape: number[]): WireArray {
  return { dtype, shape, data: new DataView(array.buffer, array.byteOffset, array.byteLength) };
}

function clip(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
