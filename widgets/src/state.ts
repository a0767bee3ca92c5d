import type {
  ClusterLabel,
  ColorChoice,
  ComparisonFacts,
  Job,
  LayoutChoice,
  SavedSelection,
  ThemeChoice,
  Training,
  Universe,
  WorkbenchChoices,
} from "./model";
import type { Found, PairBin, Query } from "./source/source";
import type { Store } from "./store";

export interface CategoryColor {
  kind: "category";
  column: string;
  title: string;
  codes: Uint16Array | Uint32Array;
  names: string[];
  colors: string[];
  counts: number[];
}

export interface NumberColor {
  kind: "number";
  column: string;
  title: string;
  values: Float32Array;
  range: [number, number];
  rangeLabels: [string, string];
  ramp: string[];
}

export interface NoColor {
  kind: "none";
  column: string;
  title: string;
}

/** What a lasso, a box or a click does to the selection. */
export type SelectMode = "replace" | "add" | "subtract";

export type Color = CategoryColor | NumberColor | NoColor;

/** Everything a pane may show, decoded. Rows are uint32 indices into one universe of items. */
export interface ScopeState {
  panes: string[];
  universe: Universe;
  coords: Float32Array;
  /** Places in the student's map; empty in views of one space. */
  coordsB: Float32Array;
  color: Color;
  colorBy: string;
  colorChoices: ColorChoice[];
  labels: ClusterLabel[];
  labelsB: ClusterLabel[];
  /** Between the teacher's map (0) and the student's (1). */
  morph: number;
  comparison: ComparisonFacts;
  /** Key of what heatmap and distributions group by; empty: nothing groups the items. */
  groupBy: string;
  /** Key of how distances become probabilities. */
  bandwidth: string;
  /** The heatmap's cell at hand: the anchors' group and the items' group, as places in its names. */
  cell: { by: string; row: number; column: number } | null;
  /** The distributions' bin at hand. */
  bin: PairBin | null;
  /** How many of its first dims each side is looked at by; 0: all. */
  dimsInUse: [number, number];
  /** Sorted unique rows. */
  selection: Uint32Array;
  /** The row under the pointer, or -1. */
  hover: number;
  /** Category codes that stand alone; empty: all of them show. */
  isolated: ReadonlySet<number>;
  hoverColumns: string[];
  layoutBy: string;
  layoutChoices: LayoutChoice[];
  selectMode: SelectMode;
  savedSelections: SavedSelection[];
  /** What the neighbours are of; null: of nothing yet. */
  query: Query | null;
  /** The queries on the way here, oldest first, and which of them is the present one. */
  trail: readonly Query[];
  step: number;
  nNeighbors: number;
  /** The neighbours of the query; null while they are looked for. */
  found: Found | null;
  /** Why there are none, in words; empty: nothing is wrong. */
  findProblem: string;
  /** The words that were searched for, marked wherever texts are shown; empty: none. */
  words: string;
  /** Sorted rows that hold the words. */
  hits: Uint32Array;
  /** The row that is shown as it is, over everything else, or -1. */
  opened: number;
  workbench: WorkbenchChoices;
  job: Job;
  training: Training;
  /** The step whose map is shown; -1: always the newest. */
  mapStep: number;
  height: number;
  theme: ThemeChoice;
  /** The theme in force is a dark one. */
  dark: boolean;
  /** The kernel has kept a request waiting for more than a second. */
  busy: boolean;
  /** What went wrong, in words to show; empty: nothing. */
  problem: string;
}

export type ScopeStore = Store<ScopeState>;

/** Follow the newest map. */
export const NEWEST = -1;
export const NO_ROWS = new Uint32Array(0);
export const NO_CODES: ReadonlySet<number> = new Set();

export function emptyState(): ScopeState {
  return {
    panes: ["map"],
    universe: { n: 0, modality: "text", title: "", facts: "" },
    coords: new Float32Array(0),
    coordsB: new Float32Array(0),
    color: { kind: "none", column: "", title: "" },
    colorBy: "",
    colorChoices: [],
    labels: [],
    labelsB: [],
    morph: 0,
    comparison: {},
    groupBy: "",
    bandwidth: "",
    cell: null,
    bin: null,
    dimsInUse: [0, 0],
    selection: NO_ROWS,
    hover: -1,
    isolated: NO_CODES,
    hoverColumns: [],
    layoutBy: "",
    layoutChoices: [],
    selectMode: "replace",
    savedSelections: [],
    query: null,
    trail: [],
    step: -1,
    nNeighbors: 12,
    found: null,
    findProblem: "",
    words: "",
    hits: NO_ROWS,
    opened: -1,
    workbench: {},
    job: {},
    training: {},
    mapStep: NEWEST,
    height: 560,
    theme: "auto",
    dark: false,
    busy: false,
    problem: "",
  };
}

/** Select rows: sorted, unique, within the universe; nothing happens when they are already selected. */
export function select(store: ScopeStore, rows: ArrayLike<number>): void {
  const next = normalRows(rows, store.get("universe").n);
  if (!sameRows(next, store.get("selection"))) store.set("selection", next);
}

export function normalRows(rows: ArrayLike<number>, n: number): Uint32Array {
  const sorted = Uint32Array.from(rows).sort();
  let kept = 0;
  for (const row of sorted) {
    if (row < n && (kept === 0 || row !== sorted[kept - 1])) sorted[kept++] = row;
  }
  return sorted.slice(0, kept);
}

export function sameRows(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i]);
}
