import { expect, vi } from "vitest";
import type {
  Composition,
  Found,
  Original,
  Payload,
  Query,
  TablePage,
  TableView,
} from "../src/source/source";
import type { Answers } from "../src/source/static";
import { close, inked, openAtOnce, view } from "./driver";
import type { StaticOptions, StaticView } from "./static_view";
import { generator, NAMES, payload, synthetic } from "./synthetic";

export { close, view };

export const PANES = ["search", "map", "neighbors", "table"];

const TITLES = [
  ...["Re: Shuttle launch delayed again", "Need help with a stuck floppy drive", "Leafs win in overtime"],
  ...[
    "Clipper chip and the right to privacy",
    "Brakes squeal after rotor change",
    "",
    "Polygon routine wanted",
  ],
];

const TEXTS = [
  "The launch window opens on Thursday. Weather permitting, the orbiter will lift off shortly after ten, carrying the new telescope and a crew of five; the countdown was stopped twice last week.",
  "I tried to format the disk under Windows and now the driver says that no media are present. Has anybody seen this with the newer BIOS?",
  "What a game! Gilmour set up both goals and the goalie stood on his head for the whole third period.",
  "Nobody has explained yet who would hold the keys in escrow, nor what happens to traffic that is encrypted twice.",
];

/** A text's card. */
export function text(row: number): Payload {
  const title = TITLES[row % TITLES.length] as string;
  return { ...payload(row), title, text: TEXTS[(row * 7) % TEXTS.length] as string };
}

/** What a kernel would answer, computed from the page's own data. */
export function answersOf(
  n: number,
  item: (row: number) => Payload = text,
): Partial<Answers> & Pick<Answers, "item"> {
  const data = synthetic(n);
  const names = [...NAMES, "unclustered"];
  const rowsOf = (rows: Uint32Array): number[] => [...rows];
  return {
    item: (row) => (row < n ? item(row) : undefined),
    neighbors: async (query, k) => nearest(data.coords, query, k),
    search: async (words) => ({
      where: "texts",
      rows: Uint32Array.from(
        Array.from({ length: n }, (_, row) => row).filter((row) =>
          `${item(row).title} ${item(row).text}`.toLowerCase().includes(words.toLowerCase()),
        ),
      ),
    }),
    composition: async (rows) => compositionOf(rowsOf(rows), data.codes, names),
    table: async (rows, asked) => tableOf(rowsOf(rows), asked, data.codes, names, item),
    original: async (row) => originalOf(item(row)),
    exported: async (rows, format) => new Blob([`${format} of ${rows.length}`]),
    act: async () => undefined,
  };
}

/** An explorer over a page's own data. */
export function openExplorer(options: StaticOptions = {}, answers: Partial<Answers> = {}): StaticView {
  const n = options.n ?? 2000;
  return openAtOnce({
    ...options,
    traits: { panes: PANES, ...options.traits },
    answers: { ...answersOf(n), ...answers },
  });
}

/** Wait until something holds: the machine that runs the tests may be busy with other things. */
export function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 25 });
}

/** Wait for the map's points. */
export function drawn(): Promise<void> {
  return soon(() => expect(inked()).toBeGreaterThan(50));
}

function nearest(coords: Float32Array, query: Query, k: number): Found {
  const [own, x, y] =
    query.kind === "item"
      ? [query.row, coords[2 * query.row] as number, coords[2 * query.row + 1] as number]
      : [-1, 0.2, 0.1];
  const far = (row: number): number =>
    Math.hypot((coords[2 * row] as number) - x, (coords[2 * row + 1] as number) - y);
  const rows = Array.from({ length: coords.length / 2 }, (_, row) => row)
    .filter((row) => row !== own)
    .sort((a, b) => far(a) - far(b))
    .slice(0, k);
  return { rows, distances: rows.map((row) => 0.1 + 4 * far(row)), metric: "cosine", note: "" };
}

function compositionOf(rows: number[], codes: Uint16Array, names: string[]): Composition[] {
  const random = generator(3);
  const shares = names.map((name, code) => {
    const count = rows.filter((row) => codes[row] === code).length;
    const total = codes.reduce((sum, other) => sum + Number(other === code), 0);
    const ratio = total > 0 ? count / rows.length / (total / codes.length) : 0;
    return {
      name,
      color: null,
      count,
      total,
      ratio,
      q_value: Math.abs(Math.log2(ratio || 0.1)) > 0.5 ? 1e-4 : random(),
    };
  });
  shares.sort((a, b) => a.q_value - b.q_value);
  const labels = shares.slice(0, 5).map((share, i) => ({ ...share, name: `label.${i}` }));
  return [
    { key: "cluster", title: "Cluster", shares: shares.slice(0, 8), more: shares.length - 8 },
    { key: "label", title: "Label", shares: labels, more: 0 },
  ];
}

function tableOf(
  rows: number[],
  { sort, descending, filters, offset, limit }: TableView,
  codes: Uint16Array,
  names: string[],
  item: (row: number) => Payload,
): TablePage {
  const columns = [
    { name: "id", title: "Id", numeric: false },
    { name: "text", title: "Text", numeric: false },
    { name: "cluster", title: "Cluster", numeric: false },
    { name: "length", title: "Length", numeric: true },
  ];
  const cellsOf = (row: number): string[] => {
    const { id, text } = item(row);
    return [id, text ?? "", names[codes[row] ?? 0] ?? "", String((text ?? "").length + (row % 17))];
  };
  const kept = rows
    .map((row) => ({ row, cells: cellsOf(row) }))
    .filter(({ cells }) => columns.every(({ name }, i) => (cells[i] ?? "").includes(filters[name] ?? "")));
  const by = columns.findIndex(({ name }) => name === sort);
  if (by >= 0) {
    kept.sort(
      (a, b) =>
        (descending ? -1 : 1) * (a.cells[by] ?? "").localeCompare(b.cells[by] ?? "", "en", { numeric: true }),
    );
  }
  return { columns, rows: kept.slice(offset, offset + limit), total: kept.length };
}

function originalOf({ row, id, title, text, columns, thumbnail }: Payload): Original {
  return { row, id, title, text, cut: false, image: thumbnail, columns };
}
