/** Where the map's plane lies on the screen. The matrix is the camera's, column-major; y points up on the plane. */
export interface View {
  matrix: ArrayLike<number>;
  width: number;
  height: number;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Camera {
  target: [number, number];
  /** Half the height of what is seen, in the plane's units. */
  distance: number;
}

/** A point of the plane in CSS pixels from the top left of the map. */
export function project(view: View, x: number, y: number): [number, number] {
  const m = view.matrix;
  const clipX = (at(m, 0) * x + at(m, 4) * y + at(m, 12)) / (view.width / view.height);
  const clipY = at(m, 1) * x + at(m, 5) * y + at(m, 13);
  return [((clipX + 1) * view.width) / 2, ((1 - clipY) * view.height) / 2];
}

/** The place on the plane that is seen at CSS pixels from the top left of the map. */
export function unproject(view: View, x: number, y: number): [number, number] {
  const m = view.matrix;
  const clipX = ((2 * x) / view.width - 1) * (view.width / view.height);
  const clipY = 1 - (2 * y) / view.height;
  return [(clipX - at(m, 12)) / at(m, 0), (clipY - at(m, 13)) / at(m, 5)];
}

/** How much of the plane one CSS pixel is. */
export function perPixel(view: View): number {
  return 2 / Math.abs(at(view.matrix, 5) || 1) / view.height;
}

/** The box around all points, or around chosen rows; undefined where there is none. Points that are not finite are left out. */
export function boundsOf(coords: Float32Array, rows?: Uint32Array): Rect | undefined {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  const count = rows ? rows.length : coords.length / 2;
  for (let i = 0; i < count; i++) {
    const row = rows ? at(rows, i) : i;
    const x = at(coords, 2 * row);
    const y = at(coords, 2 * row + 1);
    if (!Number.isFinite(x + y)) continue;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  return x0 <= x1 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : undefined;
}

/** The camera that shows a box whole, with a margin, in a map of this aspect (width over height). */
export function frame(rect: Rect, aspect: number, margin = 0.05, closest = 0.02): Camera {
  const half = Math.max(rect.height / 2, rect.width / 2 / aspect);
  return {
    target: [rect.x + rect.width / 2, rect.y + rect.height / 2],
    distance: Math.max(half * (1 + 2 * margin), closest),
  };
}

/** The camera after a pan by a share of what is seen, and a zoom by a factor (2: twice as close). */
export function moved(camera: Camera, aspect: number, pan: [number, number], zoom: number): Camera {
  const [x, y] = camera.target;
  return {
    target: [x + pan[0] * camera.distance * aspect, y + pan[1] * camera.distance],
    distance: camera.distance / zoom,
  };
}

/** How much larger the plot draws points at this distance; its asinh scale, so that sizes can be chosen for the screen. */
export function pointScale(distance: number): number {
  const zoom = 1 / distance;
  return zoom > 1 ? Math.asinh(zoom) / Math.asinh(1) : zoom;
}

function at(values: ArrayLike<number>, i: number): number {
  return values[i] as number;
}
