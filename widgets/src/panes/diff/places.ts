import { count } from "../../format";
import type { Change, Changes } from "../../source/source";
import type { Ranked } from "../neighbors/cards";

/** One item's place in one side's ranking. */
export interface Place extends Ranked {
  change: Change;
  /** Where the item stands on the other side, in words; empty where it is at the same rank. */
  there: string;
}

/** The two rankings, teacher's and student's, nearest first. */
export function columnsOf(changes: Changes): [Place[], Place[]] {
  const { teacherRanks, studentRanks, teacherDistances, studentDistances } = changes;
  return [
    columnOf(changes, { without: "gained", here: teacherRanks, there: studentRanks, far: teacherDistances }),
    columnOf(changes, { without: "lost", here: studentRanks, there: teacherRanks, far: studentDistances }),
  ];
}

export function countOf({ changes }: Changes, change: Change): number {
  return changes.filter((other) => other === change).length;
}

interface Look {
  /** The change whose items this side does not have. */
  without: Change;
  here: (number | null)[];
  there: (number | null)[];
  far: (number | null)[];
}

function columnOf({ rows, changes, k }: Changes, { without, here, there, far }: Look): Place[] {
  const places = rows.flatMap((row, i) => {
    const change = changes[i] as Change;
    if (change === without) return [];
    const distance = far[i] ?? Number.NaN;
    return [{ row, change, rank: here[i] ?? 0, distance, farthest: 0, there: wordsOf(change, there[i], k) }];
  });
  places.sort((a, b) => a.rank - b.rank);
  const farthest = Math.max(0, ...places.map(({ distance }) => distance).filter(Number.isFinite));
  return places.map((place) => ({ ...place, farthest }));
}

function wordsOf(change: Change, rank: number | null | undefined, k: number): string {
  if (change === "kept") return "";
  return rank ? `rank ${count(rank)} there` : `past ${count(k)} there`;
}
