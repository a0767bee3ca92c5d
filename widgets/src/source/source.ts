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

/** What a person does that changes something in Python. */
export type Action =
  | { kind: "save_selection"; name: string; rows: Uint32Array }
  | { kind: "apply_selection"; name: string }
  | { kind: "delete_selection"; name: string }
  | { kind: "label_selection"; column: string; label: string; rows: Uint32Array }
  | { kind: "start_job"; data: string; encoder: string; device: string; sample: number | null }
  | { kind: "cancel_job" }
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
  act(action: Action, signal?: AbortSignal): Promise<void>;
}
