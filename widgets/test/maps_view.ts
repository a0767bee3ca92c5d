import type { ClusterLabel, Model } from "../src/model";
import { openAtOnce } from "./driver";
import { answersOf, soon } from "./explorer";
import type { StaticOptions, StaticView } from "./static_view";
import { generator, type Synthetic, synthetic } from "./synthetic";

export { soon };

export interface Student {
  coords: Float32Array;
  labels: ClusterLabel[];
}

/** A student's map of the same items: clusters lie a little elsewhere, the last two on the first two, and some items stray. */
export function studentOf({ coords, codes, labels }: Synthetic): Student {
  const random = generator(11);
  const shifts = labels.map((label, code) => {
    const over = code >= labels.length - 2 ? labels[code - labels.length + 2] : undefined;
    const [x, y] = over ? [over.x - label.x, over.y - label.y] : [0.16 * random(), 0.16 * random() - 0.08];
    return { x, y };
  });
  const moved = coords.map((value, i) => {
    const shift = shifts[codes[i >> 1] as number] ?? { x: 0, y: 0 };
    const place = value + (i % 2 === 0 ? shift.x : shift.y) + 0.03 * (random() - 0.5);
    return random() < 0.02 ? 1.6 * (random() - 0.5) : place;
  });
  const there = labels.map((label, i) => ({
    ...label,
    x: label.x + (shifts[i]?.x ?? 0),
    y: label.y + (shifts[i]?.y ?? 0),
  }));
  return { coords: moved, labels: there };
}

/** The two maps of a comparison, over a page's own data. */
export function openMaps(options: StaticOptions = {}): StaticView {
  const n = options.n ?? 2000;
  const data = synthetic(n);
  const student = studentOf(data);
  const own: Partial<Model> = {
    panes: ["maps"],
    coords_b: { dtype: "float32", shape: [n, 2], data: student.coords.buffer as ArrayBuffer },
    labels_b: student.labels,
    comparison: { names: ["all-MiniLM-L6-v2", "wordllama-256"] },
  };
  return openAtOnce({ answers: answersOf(n), ...options, traits: { ...own, ...options.traits } });
}

export interface Pixels {
  width: number;
  data: Uint8ClampedArray;
}

export function canvases(el: HTMLElement): HTMLCanvasElement[] {
  return [...el.querySelectorAll<HTMLCanvasElement>(".es-canvas")];
}

export function pixelsOf(canvas: HTMLCanvasElement | undefined): Pixels {
  const context = canvas?.getContext("2d");
  if (!canvas || !context || canvas.width * canvas.height === 0)
    return { width: 0, data: new Uint8ClampedArray(0) };
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, data };
}

export function inkOf(canvas: HTMLCanvasElement | undefined): number {
  return pixelsOf(canvas).data.reduce((sum, value, i) => sum + Number(i % 4 === 3 && value > 60), 0);
}

export function frames(count: number): Promise<void> {
  return new Promise((resolve) => {
    const next = (left: number): void => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => next(left - 1));
    };
    next(count);
  });
}
