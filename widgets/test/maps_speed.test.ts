import { afterEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { close, view } from "./driver";
import { canvases, frames, inkOf, openMaps, soon } from "./maps_view";

afterEach(close);

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds of script that a step of the slider takes: places mixed, the texture filled, what hangs on points moved. */
async function stepOf(n: number): Promise<number> {
  await page.viewport(1000, 700);
  openMaps({ n });
  await soon(() => expect(inkOf(canvases(view.el)[0])).toBeGreaterThan(50));
  await frames(10);
  const times: number[] = [];
  for (let i = 1; i <= 25; i++) {
    const begin = performance.now();
    view.store.set("morph", i / 25);
    // The texture is filled once the work before it is done.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    times.push(performance.now() - begin);
    await frames(2);
  }
  return median(times);
}

test.each([
  10_000, 100_000,
])("a step of the slider over %d points leaves the frame to the drawing", async (n) => {
  expect(await stepOf(n)).toBeLessThan(16);
}, 60_000);
