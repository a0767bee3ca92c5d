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
}

export type ThemeChoice = "auto" | "light" | "dark";

/** The traits of the Python class `embedscope.views.widget.Scope`, by their names there. */
export interface Model {
  panes: string[];
  universe: Universe;
  coords: WireArray;
  color: WireColor;
  color_by: string;
  color_choices: ColorChoice[];
  labels: ClusterLabel[];
  /** Sorted unique rows; Python offers them as ids under `selection`. */
  selection_rows: WireArray;
  hover_columns: string[];
  height: number;
  theme: ThemeChoice;
}

type OnMessage = (message: unknown, buffers: DataView[]) => void;

/** What of anywidget's model is used: nothing that VS Code, Colab or marimo would lack. */
export interface ScopeModel {
  get<K extends keyof Model>(key: K): Model[K];
  set<K extends keyof Model>(key: K, value: Model[K]): void;
  save_changes(): void;
  send(content: unknown): void;
  on(name: "msg:custom", callback: OnMessage): void;
  on(name: `change:${keyof Model}`, callback: () => void): void;
  off(name: "msg:custom", callback: OnMessage): void;
  off(name: `change:${keyof Model}`, callback: () => void): void;
}
