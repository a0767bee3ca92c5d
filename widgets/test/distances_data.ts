import type { Distributions, ExamplePair, PairBin, PairKind } from "../src/source/source";
import { generator, synthetic } from "./synthetic";

export const BINS = 48;

interface Pair {
  rows: [number, number];
  teacher: number;
  student: number;
}

/** Every pair of some rows with its distances: the student sees the same places, blurred and nearer together. */
export function pairsOver(rows: readonly number[], seed = 3): Pair[] {
  const { coords, codes } = synthetic(Math.max(...rows) + 1);
  const random = generator(seed);
  const depth = Array.from({ length: codes.length }, () => random());
  const blur = Array.from({ length: codes.length }, () => [random(), random()] as const);
  const at = (row: number): [number, number] => [coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0];
  return rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b): Pair => {
      const [dx, dy] = [at(a)[0] - at(b)[0], at(a)[1] - at(b)[1]];
      const deep = (depth[a] ?? 0) - (depth[b] ?? 0);
      const [ba, bb] = [blur[a] ?? [0, 0], blur[b] ?? [0, 0]];
      const teacher = Math.hypot(dx, dy, 0.2 * deep) / 1.6;
      const student = Math.hypot(0.62 * dx + 0.6 * (ba[0] - bb[0]), 0.62 * dy + 0.6 * (ba[1] - bb[1])) / 1.6;
      return { rows: [a, b], teacher: Math.min(1.3, teacher), student: Math.min(1.3, student) };
    }),
  );
}

const EDGES = Array.from({ length: BINS + 1 }, (_, i) => (1.3 * i) / BINS);

export function binOf(distance: number): number {
  return Math.min(BINS - 1, Math.floor((distance / 1.3) * BINS));
}

/** A kind counted from its pairs, one by one. */
export function counted(kind: string, pairs: readonly Pair[], sampling = "exact"): PairKind {
  const teacher = new Array<number>(BINS).fill(0);
  const student = new Array<number>(BINS).fill(0);
  const joint = new Uint32Array(BINS * BINS);
  for (const pair of pairs) {
    const [t, s] = [binOf(pair.teacher), binOf(pair.student)];
    teacher[t] = (teacher[t] ?? 0) + 1;
    student[s] = (student[s] ?? 0) + 1;
    joint[t * BINS + s] = (joint[t * BINS + s] ?? 0) + 1;
  }
  const mean = (side: "teacher" | "student"): number =>
    pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const none = pairs.length === 0;
  const means: [number, number] = none ? [Number.NaN, Number.NaN] : [mean("teacher"), mean("student")];
  const js = none ? null : jensenShannon(teacher, student, pairs.length);
  return { kind, teacher, student, means, js, wasserstein: none ? null : moved(pairs), sampling, joint };
}

function jensenShannon(one: number[], other: number[], pairs: number): number {
  return one.reduce((sum, count, bin) => {
    const [p, q] = [count / pairs, (other[bin] ?? 0) / pairs];
    const term = (share: number): number => (share > 0 ? 0.5 * share * Math.log((2 * share) / (p + q)) : 0);
    return sum + term(p) + term(q);
  }, 0);
}

function moved(pairs: readonly Pair[]): number {
  const sorted = (side: "teacher" | "student"): number[] =>
    pairs.map((pair) => pair[side]).sort((a, b) => a - b);
  const student = sorted("student");
  const far = sorted("teacher").reduce((sum, each, i) => sum + Math.abs(each - (student[i] ?? 0)), 0);
  return far / pairs.length;
}

/** The chance that a same-label pair is nearer than another one, by the bins. */
function auc(same: readonly number[], different: readonly number[]): number {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  let above = total(different);
  let nearer = 0;
  same.forEach((count, bin) => {
    const tied = different[bin] ?? 0;
    above -= tied;
    nearer += count * (above + tied / 2);
  });
  return nearer / (total(same) * total(different));
}

/** What a kernel would answer over `n` items whose labels are their clusters. */
export function distancesOf(n: number): {
  distributions(by: string, rows: Uint32Array | null): Promise<Distributions>;
  pairs(bin: PairBin): Promise<ExamplePair[]>;
} {
  const { codes } = synthetic(n);
  const all = pairsOver(Array.from({ length: n }, (_, row) => row));
  const same = all.filter(({ rows: [a, b] }) => codes[a] === codes[b]);
  const different = all.filter(({ rows: [a, b] }) => codes[a] !== codes[b]);
  const kinds = [counted("all", all), counted("same label", same), counted("different label", different)];
  let few: Pair[] = [];
  const among = (rows: Uint32Array): Pair[] => {
    const chosen = new Set(rows);
    return all.filter(({ rows: [a, b] }) => chosen.has(a) && chosen.has(b));
  };
  return {
    distributions: async (by, rows) => {
      few = rows ? among(rows) : [];
      const [, one, other] = kinds as [PairKind, PairKind, PairKind];
      return {
        by,
        title: "Cluster",
        edges: EDGES,
        unit: "cosine distance",
        kinds: rows ? [...kinds, counted("selected", few)] : kinds,
        separation: {
          auc: [auc(one.teacher, other.teacher), auc(one.student, other.student)],
          dPrime: [1.43, 0.71],
        },
      };
    },
    pairs: async ({ kind, teacher, student }) => {
      const of: Record<string, Pair[]> = {
        all,
        "same label": same,
        "different label": different,
        selected: few,
      };
      return (of[kind] ?? [])
        .filter((pair) => teacher === null || binOf(pair.teacher) === teacher)
        .filter((pair) => student === null || binOf(pair.student) === student)
        .slice(0, 8);
    },
  };
}
