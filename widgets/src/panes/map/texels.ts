import { type Paint, pileRows } from "./paint";

/** The points in the order in which they are drawn, as the texture holds them. */
export class Texels {
  /** The row at each place of the texture; undefined where it is the row itself. */
  readonly #rows: Uint32Array | undefined;
  #places: Uint32Array | undefined;

  #coords: Float32Array;
  readonly #levels: Paint["levels"];

  constructor(coords: Float32Array, paint: Paint) {
    this.#coords = coords;
    this.#levels = paint.levels;
    this.#rows = pileRows(paint);
  }

  get count(): number {
    return this.#coords.length / 2;
  }

  /** The same points lie elsewhere. */
  move(coords: Float32Array): void {
    this.#coords = coords;
  }

  readonly fill = (texels: Float32Array): void => {
    const coords = this.#coords;
    const levels = this.#levels;
    const rows = this.#rows;
    texels.fill(0);
    for (let place = 0; place < this.count; place++) {
      const row = rows ? (rows[place] as number) : place;
      texels[4 * place] = coords[2 * row] as number;
      texels[4 * place + 1] = coords[2 * row + 1] as number;
      texels[4 * place + 2] = levels[row] as number;
    }
  };

  /** Where the texture holds some rows. */
  places(rows: Uint32Array): number[] {
    const order = this.#rows;
    if (!order) return Array.from(rows);
    this.#places ??= inverse(order);
    const places = this.#places;
    return Array.from(rows, (row) => places[row] as number);
  }
}

function inverse(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place] as number] = place;
  return places;
}
