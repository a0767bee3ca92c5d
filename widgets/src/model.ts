/** An array as it travels: little-endian, C-contiguous. */
export interface WireArray {
  dtype: "float32" | "uint32" | "uint16" | "uint8";
  shape: number[];
  data: ArrayBuffer | ArrayBufferView;
}

export interface Universe {
  n: number;
  modality: "text" | "image";
  title: string;
  facts: string;
  /** What the encoder reads, and so what can be searched for by its meaning; without an encoder nothing. */
  queries?: ("text" | "image")[];
  /** Counts what changed in the items' columns. */
  revision?: number;
}

export interface WireColor {
  kind: "category" | "number" | "none";
  column: string;
  title: string;
  codes?: WireArray | null;
  names?: string[];
  colors?: string[];
  counts?: number[];
  values?: WireArray | null;
  range?: [number, number];
  /** What stands at the ramp's two ends: dates, and ≤ or ≥ where values lie beyond. */
  range_labels?: [string, string];
  ramp?: string[];
}

export interface ColorChoice {
  key: string;
  title: string;
  kind: "category" | "number" | "none";
}

export interface ClusterLabel {
  name: string;
  x: number;
  y: number;
  size: number;
  code: number;
  /** How many times closer than the whole map one must be to see it; 1: from the start. */
  min_zoom: number;
  /** From where finer names take its place; null: it stays. */
  max_zoom: number | null;
}

export interface LayoutChoice {
  key: string;
  title: string;
}

export interface SavedSelection {
  name: string;
  count: number;
}

/** What the neighbours are of, as it travels; an image that was dropped on the page stays in the page. */
export type WireQuery =
  | Record<string, never>
  | { kind: "item"; row: number }
  | { kind: "text"; text: string }
  | { kind: "image"; name: string };

export interface DataChoice {
  /** What to send back: a packaged set's name, or "variable:<name>". */
  key: string;
  title: string;
  about: string;
  group: "packaged" | "variable";
  modality: "text" | "image" | null;
  /** False where choosing it means fetching it first; null where that is not known. */
  here: boolean | null;
  /** It has vectors already and needs no encoder. */
  vectors?: boolean;
}

export interface EncoderChoice {
  /** What to send back; "scheme:<what to put there>" stands for all names of a scheme. */
  name: string;
  modality: string;
  dims: number | null;
  licence: string | null;
  here: boolean | null;
  size: string | null;
  about: string;
}

export interface DeviceChoice {
  key: string;
  title: string;
  memory: string;
}

/** What the workbench offers; empty in other views. */
export interface WorkbenchChoices {
  data?: DataChoice[];
  encoders?: EncoderChoice[];
  devices?: DeviceChoice[];
}

/** The run of the workbench; without a state there was none. */
export interface Job {
  state?: "running" | "done" | "cancelled" | "failed";
  stage?: string;
  done?: number;
  total?: number | null;
  unit?: string;
  /** Units a second. */
  rate?: number | null;
  remaining_s?: number | null;
  error?: string;
  /** The Python that does the same. */
  line?: string;
}

/** What two spaces of the same items are compared by; empty in views of one space. */
export interface ComparisonFacts {
  /** What the teacher and the student are called. */
  names?: [string, string];
  metrics?: [string, string];
  /** Numbers of each vector. */
  dims?: [number, number];
  /** A side whose first dims are meant to stand alone: its encoder was trained so. */
  matryoshka?: [boolean, boolean];
  /** What items can be grouped by; the first one is shown first. Empty: nothing groups them. */
  groups?: { key: string; title: string; n: number }[];
  /** How distances become probabilities; the first one is used first. */
  bandwidths?: { key: string; title: string }[];
  /** Ids that only one side has, in words; empty: none. */
  missing?: string;
}

export type RunState = "running" | "paused" | "stopped" | "done" | "failed" | "dead";

export interface Counted {
  images: number;
  classes: number;
}

export interface TrainingDomain {
  name: string;
  color: string;
  train: Counted | null;
  /** What it is measured on: images of classes that it never trains on. */
  validation: Counted | null;
}

/** One value a step; null: nothing was said. */
export type CurveRow = (number | null)[];

/** The work before the first step. */
export interface Preparing {
  stage: string;
  done: number;
  total: number | null;
  /** In the singular. */
  unit: string;
  note: string;
  rate: number | null;
  remaining_s: number | null;
}

export interface LossCurves {
  steps: number[];
  total: CurveRow;
  /** One row a domain. */
  domains: (CurveRow | null)[];
}

export interface ValidationCurves {
  steps: number[];
  /** Mean of the domains, each against its own index. */
  recall: CurveRow;
  /** Against the index of all domains together. */
  merged: CurveRow | null;
  recall_domains: (CurveRow | null)[];
  kl_domains: (CurveRow | null)[];
}

export interface TrainingMaps {
  /** Steps that have a map, rising. */
  steps: number[];
  /** Whose map lies in `coords`. */
  shown: number | null;
  trust: number | null;
  /** How many are still to be made. */
  waiting: number;
  problem: string;
}

/** A training run; empty in other views. */
export interface Training {
  job?: string;
  folder?: string;
  state?: RunState;
  /** What it was last told: it hears between two steps. */
  want?: "" | "run" | "pause" | "stop";
  step?: number;
  total?: number | null;
  /** Steps a second. */
  rate?: number | null;
  remaining_s?: number | null;
  progress?: Preparing | null;
  domains?: TrainingDomain[];
  loss?: LossCurves;
  validation?: ValidationCurves;
  best?: { step: number; recall: number | null } | null;
  /** The last checkpoint's step; 0: there is none. */
  checkpoint?: number;
  has_model?: boolean;
  notes?: { step: number | null; text: string }[];
  error?: string;
  maps?: TrainingMaps;
}

export type ThemeChoice = "auto" | "light" | "dark";

/** The traits of the Python class `embedscope.views.widget.Scope`, by their names there. */
export interface Model {
  panes: string[];
  universe: Universe;
  coords: WireArray;
  /** Where the same items lie in the student's map, turned to lie like the teacher's; empty in views of one space. */
  coords_b: WireArray | Record<string, never>;
  color: WireColor;
  color_by: string;
  color_choices: ColorChoice[];
  labels: ClusterLabel[];
  /** The same names, in the same order, at their places in the student's map. */
  labels_b: ClusterLabel[];
  /** Where the points stand between the teacher's map (0) and the student's (1). */
  morph: number;
  comparison: ComparisonFacts;
  /** Sorted unique rows; Python offers them as ids under `selection`. */
  selection_rows: WireArray;
  hover_columns: string[];
  layout_by: string;
  layout_choices: LayoutChoice[];
  /** Whose neighbours are shown; empty: nobody's. */
  query: WireQuery;
  n_neighbors: number;
  saved_selections: SavedSelection[];
  workbench: WorkbenchChoices;
  job: Job;
  training: Training;
  /** Whose map is shown; -1: always the newest. */
  map_step: number;
  height: number;
  theme: ThemeChoice;
}

type OnMessage = (message: unknown, buffers: DataView[]) => void;

/** What of anywidget's model is used: nothing that VS Code, Colab or marimo would lack. */
export interface ScopeModel {
  get<K extends keyof Model>(key: K): Model[K];
  set<K extends keyof Model>(key: K, value: Model[K]): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(name: "msg:custom", callback: OnMessage): void;
  on(name: `change:${keyof Model}`, callback: () => void): void;
  off(name: "msg:custom", callback: OnMessage): void;
  off(name: `change:${keyof Model}`, callback: () => void): void;
}
