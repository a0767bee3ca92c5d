import createScatterplot, { createSpatialIndex } from "regl-scatterplot";
import { afterEach, expect, test, vi } from "vitest";
import { leaseRenderer } from "../src/gl/renderers";
import { blankPoints, type Tuning, tuned } from "../src/gl/tuned";
import { gainAt, paintOf } from "../src/panes/map/paint";
import { Texels } from "../src/panes/map/texels";
import type { CategoryColor } from "../src/state";
import { generator } from "./synthetic";

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

const N = 3000;

/** Points all over a square, the first half of the rows red and the second blue. */
function points(): Texels {
  const random = generator(2);
  const coords = Float32Array.from({ length: 2 * N }, () => random() * 1.6 - 0.8);
  const codes = Uint16Array.from({ length: N }, (_, row) => Number(row >= N / 2));
  const color: CategoryColor = {
    kind: "category",
    column: "",
    title: "",
    codes,
    names: ["a", "b"],
    colors: ["#ff0000", "#0000ff"],
    counts: [N / 2, N / 2],
  };
  return new Texels(
    coords,
    paintOf(color, N, { size: 3, opacity: 0.4, dark: false, isolated: new Set([0]) }),
  );
}

async function drawn(
  tuning: Tuning,
): Promise<{ redraw(): Promise<void>; ink(): { red: number; all: number } }> {
  const { renderer, release } = leaseRenderer(() => {});
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.style.cssText = "display: block; width: 400px; height: 400px";
  const plot = createScatterplot({
    renderer: tuned(renderer, tuning),
    canvas,
    syncEvents: true,
    pointSize: 3,
  });
  ends.push(() => {
    plot.destroy();
    release();
  });
  await plot.set({ colorBy: "valueA", pointColor: ["#ff0000", "#0000ff"], opacity: 0.4 });
  await plot.draw(blankPoints(N), { zDataType: "categorical", spatialIndex: await createSpatialIndex([]) });
  const redraw = async (): Promise<void> => {
    const done = new Promise((resolve) => plot.subscribe("drawing", resolve, 1));
    plot.redraw();
    await done;
  };
  const ink = (): { red: number; all: number } => {
    const { width, height } = canvas;
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(0, 0, width, height);
    let [red, all] = [0, 0];
    for (let i = 0; i < data.length; i += 4) {
      all += data[i + 3] as number;
      red += (data[i] as number) > 200 && (data[i + 2] as number) < 60 ? (data[i + 3] as number) : 0;
    }
    return { red, all };
  };
  return { redraw, ink };
}

test("the points come from typed arrays, level and place of each", async () => {
  const texels = points();
  const { ink } = await drawn({ every: () => 1, gain: () => 1, fill: texels.fill });
  await vi.waitFor(() => expect(ink().all).toBeGreaterThan(10_000));
  const { red, all } = ink();
  expect(red / all).toBeGreaterThan(0.3);
  expect(red / all).toBeLessThan(0.7);
});

test("a sample is an even one, and comes and goes without a new drawing", async () => {
  const look = { every: 1, gain: 1 };
  const tuning = { every: () => look.every, gain: () => look.gain, fill: points().fill };
  const { redraw, ink } = await drawn(tuning);
  const whole = ink();
  look.every = 10;
  await redraw();
  const part = ink();
  expect(part.all / whole.all).toBeGreaterThan(0.07);
  expect(part.all / whole.all).toBeLessThan(0.2);
  expect(part.red / part.all).toBeGreaterThan(0.3);
  look.every = 1;
  await redraw();
  expect(ink()).toEqual(whole);
});

test("gain makes points more opaque", async () => {
  const look = { every: 1, gain: 1 };
  const tuning = { every: () => look.every, gain: () => look.gain, fill: points().fill };
  const { redraw, ink } = await drawn(tuning);
  const whole = ink().all;
  look.gain = 2;
  await redraw();
  expect(ink().all / whole).toBeGreaterThan(1.5);
});

test("nearer points are more opaque, and never more than opaque", () => {
  const gains = [0.5, 1, 4, 16, 1e6].map((zoom) => gainAt(zoom, 1, [0.1, 0.2]));
  expect(gains.slice(0, 3)).toEqual([1, 1, 2]);
  expect(gains).toEqual([...gains].sort((a, b) => a - b));
  expect(Math.max(...gains) * 0.2).toBeLessThanOrEqual(1);
  expect(gainAt(1, 10, [0.05])).toBe(10);
  expect(gainAt(9, 10, [0.95])).toBe(1);
});

test("rows are found at their places in the pile", () => {
  const texels = points();
  const data = new Float32Array(4 * N);
  texels.fill(data);
  const rows = Uint32Array.of(0, 7, N - 1);
  const levels = texels.places(rows).map((place) => data[4 * place + 2]);
  expect(levels).toEqual([0, 0, 1]);
  // The second half is faded, and lies at the bottom.
  expect([data[2], data[4 * (N - 1) + 2]]).toEqual([1, 0]);
});
