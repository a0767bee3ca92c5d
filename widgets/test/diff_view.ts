import type { Change, Changes, Payload, Query, Truncation } from "../src/source/source";
import type { Answers } from "../src/source/static";
import { close, openAtOnce, view } from "./driver";
import { text } from "./explorer";
import type { StaticOptions, StaticView } from "./static_view";
import { generator, synthetic } from "./synthetic";

export { close, view };

export const FACTS = {
  names: ["all-MiniLM-L6-v2", "wordllama"] as [string, string],
  metrics: ["cosine", "cosine"] as [string, string],
  dims: [384, 256] as [number, number],
  matryoshka: [false, true] as [boolean, boolean],
};

const N = 2000;
const DATA = synthetic(N);

/** Distances in the teacher's plane, and in the student's: the same places, shaken the more the fewer dims count. */
function distancesOf(query: Query, shake: number): number[] {
  const random = generator(11);
  const own = query.kind === "item" ? query.row : -1;
  const at = (row: number): [number, number] => [
    DATA.coords[2 * row] as number,
    DATA.coords[2 * row + 1] as number,
  ];
  const [x, y] = own >= 0 ? at(own) : [0.2, 0.1];
  return Array.from({ length: N }, (_, row) => {
    const [dx, dy] = [random() - 0.5, random() - 0.5];
    const [a, b] = at(row);
    return row === own ? Number.POSITIVE_INFINITY : Math.hypot(a + shake * dx - x, b + shake * dy - y);
  });
}

function ranksOf(distances: number[]): number[] {
  const order = distances.map((_, row) => row).sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0));
  const ranks = new Array<number>(order.length);
  order.forEach((row, i) => {
    ranks[row] = i + 1;
  });
  return ranks;
}

/** What a kernel would answer, computed from the page's own data. */
export function changesOf(query: Query, k: number, [teacher, student]: [number, number]): Changes {
  const shake = (base: number, dims: number): number => base + (dims > 0 ? 0.4 / dims : 0);
  const [far, near] = [distancesOf(query, shake(0, teacher)), distancesOf(query, shake(0.06, student))];
  const [here, there] = [ranksOf(far), ranksOf(near)];
  const first = (ranks: number[]): number[] =>
    ranks.flatMap((rank, row) => (rank <= k ? [row] : [])).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  const rows = [...first(here), ...first(there).filter((row) => (here[row] ?? 0) > k)];
  const changeOf = (row: number): Change => {
    const [a, b] = [here[row] ?? 0, there[row] ?? 0];
    if (a > k) return "gained";
    if (b > k) return "lost";
    return a === b ? "kept" : "re-ranked";
  };
  const changes = rows.map(changeOf);
  const of = (values: number[]) => rows.map((row) => values[row] ?? null);
  return {
    k,
    rows,
    changes,
    teacherRanks: of(here),
    studentRanks: of(there),
    teacherDistances: of(far.map((value) => 0.1 + 4 * value)),
    studentDistances: of(near.map((value) => 0.2 + 3 * value)),
    recall: changes.filter((change) => change === "kept" || change === "re-ranked").length / k,
    note: "",
  };
}

export const CURVE: Truncation = {
  dims: [8, 16, 32, 64, 128, 192, 256],
  recall: [0.21, 0.42, 0.63, 0.78, 0.91, 0.96, 1],
  k: 10,
  sampling: "800 of 2,000 items, seed 0",
};

/** The pane over a page's own data, in a room of some width. */
export function openDiff(
  answers: Partial<Answers> = {},
  { traits = {}, width = 400 }: { traits?: StaticOptions["traits"]; width?: number } = {},
): StaticView {
  const el = document.body.appendChild(document.createElement("div"));
  el.style.width = `${width}px`;
  return openAtOnce({
    n: N,
    el,
    traits: { panes: ["diff"], comparison: FACTS, ...traits },
    answers: {
      item: (row): Payload | undefined => (row < N ? text(row) : undefined),
      neighbors: async () => ({ rows: [1], distances: [1], metric: "cosine", note: "" }),
      changes: async (query, k, dims) => changesOf(query, k, dims),
      truncation: async () => CURVE,
      ...answers,
    },
  });
}
