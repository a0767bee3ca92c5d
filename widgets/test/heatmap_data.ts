import type { ComparisonFacts, Model } from "../src/model";
import type { AnchorTerms, Heatmap, HeatmapCell, HeatmapLayer } from "../src/source/source";
import type { Answers } from "../src/source/static";
import { openAtOnce } from "./driver";
import { text } from "./explorer";
import type { StaticOptions, StaticView } from "./static_view";
import { generator } from "./synthetic";

const NEWSGROUPS = [
  ...["alt.atheism", "comp.graphics", "comp.os.ms-windows.misc", "comp.sys.ibm.pc.hardware"],
  ...["comp.sys.mac.hardware", "comp.windows.x", "misc.forsale", "rec.autos", "rec.motorcycles"],
  ...["rec.sport.baseball", "rec.sport.hockey", "sci.crypt", "sci.electronics", "sci.med", "sci.space"],
  ...["soc.religion.christian", "talk.politics.guns", "talk.politics.mideast", "talk.politics.misc"],
  "talk.religion.misc",
];

export const FACTS: ComparisonFacts = {
  names: ["all-MiniLM-L6-v2", "wordllama"],
  metrics: ["cosine", "cosine"],
  dims: [384, 256],
  matryoshka: [false, true],
  groups: [
    { key: "label", title: "Newsgroup", n: 20 },
    { key: "cluster", title: "Cluster", n: 13 },
  ],
  bandwidths: [
    { key: "perplexity:30", title: "Perplexity 30" },
    { key: "mean:0.25", title: "0.25 × mean distance" },
  ],
};

/** Names like those of the newsgroups, as many as wanted. */
export function namesOf(n: number): string[] {
  return Array.from({ length: n }, (_, i) => NEWSGROUPS[i] ?? `group ${i}`);
}

/** A heatmap whose parts add up: rows to means, between and within to the contribution. */
export function heatmapOf(
  by: string,
  bandwidth: string,
  layer: HeatmapLayer,
  names: string[] = namesOf(20),
): Heatmap {
  const n = names.length;
  const random = generator(n + bandwidth.length);
  const near = (a: number, b: number): number => Math.exp(-Math.abs(a - b) / 2.5);
  const fill = (value: (a: number, b: number) => number): Float32Array =>
    Float32Array.from({ length: n * n }, (_, i) => value(Math.floor(i / n), i % n));
  const between = fill(
    (a, b) => (a === b ? 0.02 : -0.02 * near(a, b)) + 0.05 * near(a, b) * (random() - 0.3),
  );
  const within = fill((a, b) => (a === b ? 0.12 + 0.3 * random() ** 3 : 0.04 * near(a, b) * random() ** 2));
  const contribution = between.map((value, i) => value + (within[i] ?? 0));
  const means = names.map((_, a) =>
    contribution.subarray(a * n, a * n + n).reduce((sum, one) => sum + one, 0),
  );
  const mean = (values: Float32Array): number => values.reduce((sum, one) => sum + one, 0) / n;
  return {
    by,
    title: by === "label" ? "Newsgroup" : "Cluster",
    bandwidth,
    names,
    // Backwards, so that it differs from the order of the names.
    order: names.map((_, i) => n - 1 - i),
    anchors: names.map((_, i) => 400 + ((i * 37) % 210)),
    layers: {
      contribution,
      "per mass": contribution.map((value, i) => value / (near(Math.floor(i / n), i % n) + 0.05)),
      between,
      within,
      ...(layer === "js" ? { js: within.map((value) => value / 3) } : {}),
    },
    means,
    mean: mean(contribution),
    between: mean(between),
    within: mean(within),
    sampling: "Exact, all 11,314 anchors",
    effective: [27.4, 31.8],
    warnings: [],
  };
}

export function cellOf({ row, column }: { row: number; column: number }): HeatmapCell {
  const rows = Array.from({ length: 12 }, (_, i) => 40 + 100 * row + 7 * column + 3 * i);
  return { rows, contributions: rows.map((_, i) => 1.9 * 0.82 ** i) };
}

export function termsOf({ row }: { row: number }): AnchorTerms {
  const rows = Array.from({ length: 8 }, (_, i) => row + 11 + 5 * i);
  return {
    rows,
    contributions: rows.map((_, i) => (i % 3 === 2 ? -0.02 : 0.4) * 0.8 ** i),
    teacher: rows.map((_, i) => (i % 3 === 2 ? 0.01 : 0.11) * 0.9 ** i),
    student: rows.map((_, i) => (i % 3 === 2 ? 0.07 : 0.004) * 0.9 ** i),
    kl: 2.31,
  };
}

/** What a kernel would answer. */
export const ANSWERS: Partial<Answers> = {
  item: text,
  heatmap: async (by, bandwidth, layer) => heatmapOf(by, bandwidth, layer),
  cell: async (at) => cellOf(at),
  anchor: async (at) => termsOf(at),
  neighbors: async () => ({ rows: [1], distances: [0.1], metric: "cosine", note: "" }),
};

/** The heatmap's pane alone, so wide. */
export function openHeatmap(
  answers: Partial<Answers> = {},
  { width = 700, traits = {}, ...options }: StaticOptions & { width?: number; traits?: Partial<Model> } = {},
): StaticView {
  const el = document.body.appendChild(document.createElement("div"));
  el.style.width = `${width}px`;
  return openAtOnce({
    n: 4000,
    el,
    ...options,
    traits: { panes: ["heatmap"], comparison: FACTS, ...traits },
    answers: { ...ANSWERS, ...answers },
  });
}
