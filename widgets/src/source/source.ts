/** What the card of an item shows. */
export interface Payload {
  row: number;
  id: string;
  text: string | null;
  title: string;
  columns: Record<string, string>;
  thumbnail: Blob | null;
}

/** What neighbours are asked of: an item, a text, or an image. */
export type Query =
  | { kind: "item"; row: number }
  | { kind: "text"; text: string }
  | { kind: "image"; name: string; image: Blob };

/** The nearest items to a query, nearest first; an item is not among its own. */
export interface Found {
  rows: number[];
  distances: number[];
  metric: "cosine" | "euclidean";
  /** Something to know about them, such as that the search is approximate; empty: nothing. */
  note: string;
}

/** Items that hold some words, in their text, id or columns. */
export interface Hits {
  rows: Uint32Array;
  /** Where was looked: "texts", or the columns' names. */
  where: string;
}

/** How often one category is among some rows, against how often it is among all. */
export interface Share {
  name: string;
  /** Its colour where the column has colours. */
  color: string | null;
  count: number;
  total: number;
  /** (count / rows) / (total / all). */
  ratio: number;
  /** Of an exact hypergeometric test, both sides, corrected for the number of categories (Benjamini and Hochberg). */
  q_value: number;
}

export interface Composition {
  key: string;
  title: string;
  /** The most telling ones first. */
  shares: Share[];
  /** How many more categories there are. */
  more: number;
}

/** Which part of a table of rows to show. */
export interface TableView {
  /** Column's name; "" leaves the order of the space. */
  sort: string;
  descending: boolean;
  /** By column: a cell must hold these words ("abc"), or a comparison must be true ("> 3", "<= 0.5", "= 2"). */
  filters: Record<string, string>;
  offset: number;
  limit: number;
}

export interface TableColumn {
  name: string;
  title: string;
  numeric: boolean;
}

export interface TablePage {
  columns: TableColumn[];
  rows: { row: number; cells: string[] }[];
  /** How many rows pass the filters. */
  total: number;
}

/** An item as it is, and not as a card shows it. */
export interface Original {
  row: number;
  id: string;
  title: string;
  text: string | null;
  /** The text goes on; this is as much as travels. */
  cut: boolean;
  image: Blob | null;
  columns: Record<string, string>;
}

export type ExportFormat = "csv" | "json" | "parquet";

export type HeatmapLayer = "contribution" | "per mass" | "between" | "within" | "js";

/** Groups × groups means of how far the student's neighbourhoods are from the teacher's, in nats. */
export interface Heatmap {
  by: string;
  title: string;
  bandwidth: string;
  names: string[];
  /** The groups' places in an order that puts similar ones side by side. */
  order: number[];
  /** Anchors of each group. */
  anchors: number[];
  /** Row by row: the anchors' group, then the items'; NaN where there is nothing. `js` only where it was asked for. */
  layers: Partial<Record<HeatmapLayer, Float32Array>>;
  /** Each group's mean KL: what its row of contributions sums to. */
  means: number[];
  mean: number;
  /** The parts of the mean that lie between and within groups. */
  between: number;
  within: number;
  /** "exact", or how many anchors were looked at and how far off that may be. */
  sampling: string;
  /** Medians of the effective neighbours, teacher and student. */
  effective: [number, number];
  /** What should be known before anything is read from it; empty: nothing. */
  warnings: string[];
}

/** The anchors that make a cell what it is, most telling first: at most 20. */
export interface HeatmapCell {
  rows: number[];
  /** What each contributes, in nats. */
  contributions: number[];
}

/** The items that one anchor's divergence comes from, most telling first. */
export interface AnchorTerms {
  rows: number[];
  /** p log(p/q) in nats: above 0 where the student lost the item, under 0 where it gained it. */
  contributions: number[];
  /** p and q. */
  teacher: number[];
  student: number[];
  kl: number;
}

/** Pairs of one kind: how their distances lie in both spaces. */
export interface PairKind {
  /** "all", "same label", "different label", "within domain", "across domains", "selected". */
  kind: string;
  /** Pairs by bin. */
  teacher: number[];
  student: number[];
  means: [number, number];
  /** Jensen-Shannon divergence of the two, in nats; null where there are no pairs. */
  js: number | null;
  /** Wasserstein-1, in units of distance. */
  wasserstein: number | null;
  sampling: string;
  /** Bins × bins, the teacher's first. */
  joint: Uint32Array | null;
}

export interface Distributions {
  by: string;
  title: string;
  /** Bins' edges, one more than bins; the same for all kinds and both spaces. */
  edges: number[];
  /** What a distance is measured in: "cosine distance", "Euclidean distance", "× mean distance". */
  unit: string;
  kinds: PairKind[];
  /** How well distance tells same-label pairs from others, teacher and student; null without labels. */
  separation: { auc: [number, number]; dPrime: [number, number] } | null;
}

/** One bin of one kind, in one space or in both. */
export interface PairBin {
  by: string;
  kind: string;
  teacher: number | null;
  student: number | null;
}

/** A pair of items and its distances, in the unit of the distributions. */
export interface ExamplePair {
  rows: [number, number];
  teacher: number;
  student: number;
}

export type Change = "kept" | "re-ranked" | "lost" | "gained";

/** What became of the neighbours of a query from the teacher to the student. */
export interface Changes {
  k: number;
  /** The teacher's, nearest first, then those that only the student has. */
  rows: number[];
  changes: Change[];
  /** Ranks from 1 among all items, also past k; null where they are not known. */
  teacherRanks: (number | null)[];
  studentRanks: (number | null)[];
  teacherDistances: (number | null)[];
  studentDistances: (number | null)[];
  /** Share of the teacher's k that the student has too. */
  recall: number;
  /** Something to know about them; empty: nothing. */
  note: string;
}

/** How many neighbours a side's first dims keep. */
export interface Truncation {
  dims: number[];
  /** Recall at k against the side's own full vectors. */
  recall: number[];
  k: number;
  sampling: string;
}

export type Side = "teacher" | "student";

/** What a person does that changes something in Python. */
export type Action =
  | { kind: "save_selection"; name: string; rows: Uint32Array }
  | { kind: "apply_selection"; name: string }
  | { kind: "delete_selection"; name: string }
  | { kind: "label_selection"; column: string; label: string; rows: Uint32Array }
  | {
      kind: "start_job";
      data: string;
      encoder: string;
      /** The second encoder, to compare with the first; empty: none. */
      student: string;
      device: string;
      sample: number | null;
    }
  | { kind: "cancel_job" }
  | { kind: "control_run"; want: "pause" | "resume" | "stop" }
  | { kind: "refresh_workbench" };

/** Where panes get data that is too much to send up front; every answer is bounded. */
export interface Source {
  payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]>;
  neighbors(query: Query, k: number, signal?: AbortSignal): Promise<Found>;
  search(words: string, signal?: AbortSignal): Promise<Hits>;
  composition(rows: Uint32Array, signal?: AbortSignal): Promise<Composition[]>;
  table(rows: Uint32Array, view: TableView, signal?: AbortSignal): Promise<TablePage>;
  original(row: number, signal?: AbortSignal): Promise<Original>;
  exported(rows: Uint32Array, format: ExportFormat, signal?: AbortSignal): Promise<Blob>;
  heatmap(by: string, bandwidth: string, layer: HeatmapLayer, signal?: AbortSignal): Promise<Heatmap>;
  cell(
    at: { by: string; bandwidth: string; row: number; column: number },
    signal?: AbortSignal,
  ): Promise<HeatmapCell>;
  anchor(
    at: { by: string; bandwidth: string; row: number; group: number | null },
    signal?: AbortSignal,
  ): Promise<AnchorTerms>;
  /** With rows, of pairs among these too, as the kind "selected". */
  distributions(by: string, rows: Uint32Array | null, signal?: AbortSignal): Promise<Distributions>;
  pairs(bin: PairBin, signal?: AbortSignal): Promise<ExamplePair[]>;
  /** Neighbours in both spaces, each by its first dims; 0: by all. */
  changes(query: Query, k: number, dims: [number, number], signal?: AbortSignal): Promise<Changes>;
  truncation(side: Side, signal?: AbortSignal): Promise<Truncation>;
  act(action: Action, signal?: AbortSignal): Promise<void>;
}
