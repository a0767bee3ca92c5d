/** Count and checksum of rows; `embedscope.views.wire.rows_check` gives the same. */
export interface RowsCheck {
  count: number;
  sum: number;
}

const MIX = 2654435761;

/** A checksum that tells selections apart: the sum of every row times an odd constant, modulo 2³². */
export function rowsCheck(rows: Uint32Array): RowsCheck {
  let sum = 0;
  for (const row of rows) sum = (sum + Math.imul(row + 1, MIX)) | 0;
  return { count: rows.length, sum: sum >>> 0 };
}
