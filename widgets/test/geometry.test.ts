import { describe, expect, test } from "vitest";
import { boundsOf, frame, moved, pointScale, project, type View } from "../src/panes/map/geometry";
import { PointGrid } from "../src/panes/map/grid";
import { placeLabels, type Wanted, wrapName } from "../src/panes/map/labels";
import { generator } from "./synthetic";

/** The camera's matrix, as the plot makes it. */
function viewOf([x, y]: [number, number], distance: number, width: number, height: number): View {
  const s = 1 / distance;
  return { matrix: [s, 0, 0, 0, 0, s, 0, 0, 0, 0, s, 0, -x * s, -y * s, 0, 1], width, height };
}

describe("the plane and the screen", () => {
  test("the camera's target is the middle, and y points up", () => {
    const view = viewOf([0.2, -0.4], 0.5, 800, 400);
    expect(project(view, 0.2, -0.4)).toEqual([400, 200]);
    const [x, y] = project(view, 0.2, 0.1);
    expect([Math.round(x), Math.round(y)]).toEqual([400, 0]);
  });

  test.each([0.5, 1, 3])("a framed box is seen whole and fills one direction, at aspect %f", (aspect) => {
    const rect = { x: -0.3, y: 0.1, width: 0.6, height: 0.4 };
    const { target, distance } = frame(rect, aspect, 0);
    const view = viewOf(target, distance, 400 * aspect, 400);
    const [left, bottom] = project(view, rect.x, rect.y);
    const [right, top] = project(view, rect.x + rect.width, rect.y + rect.height);
    expect(Math.min(left, top)).toBeGreaterThan(-1e-6);
    const filled = Math.max((right - left) / view.width, (bottom - top) / view.height);
    expect(filled).toBeCloseTo(1, 6);
  });

  test("a single point is framed from a distance, not from nowhere", () => {
    expect(frame({ x: 1, y: 1, width: 0, height: 0 }, 1).distance).toBeGreaterThan(0);
  });

  test("bounds are those of the chosen rows and leave out what is not finite", () => {
    const coords = Float32Array.of(0, 0, 5, 5, Number.NaN, 9, -1, 2);
    expect(boundsOf(coords)).toEqual({ x: -1, y: 0, width: 6, height: 5 });
    expect(boundsOf(coords, Uint32Array.of(1))).toEqual({ x: 5, y: 5, width: 0, height: 0 });
    expect(boundsOf(coords, Uint32Array.of(2))).toBeUndefined();
  });

  test("a pan is a share of what is seen, and a zoom keeps the target", () => {
    const camera = { target: [1, 1] as [number, number], distance: 2 };
    expect(moved(camera, 1.5, [0.5, -0.5], 1)).toEqual({ target: [2.5, 0], distance: 2 });
    expect(moved(camera, 1.5, [0, 0], 4)).toEqual({ target: [1, 1], distance: 0.5 });
  });

  test("points grow slower than the map", () => {
    expect(pointScale(1)).toBe(1);
    expect(pointScale(2)).toBe(0.5);
    expect(pointScale(0.1)).toBeGreaterThan(1);
    expect(pointScale(0.1)).toBeLessThan(10);
  });
});

describe("label placement", () => {
  const label = (x: number, y: number): Wanted => ({ x, y, width: 80, height: 20 });

  test("a label with room sits on its point", () => {
    expect(placeLabels([label(200, 100)], { width: 400, height: 200 })).toEqual([{ x: 200, y: 100 }]);
  });

  test("the more important label keeps its place; the other moves aside, or away", () => {
    const [first, second] = placeLabels([label(200, 100), label(200, 104)], { width: 400, height: 200 });
    expect(first).toEqual({ x: 200, y: 100 });
    // Just below (y + 16) would still touch; so would above, and half a label to either side.
    expect(second).toBeUndefined();
    const [, aside] = placeLabels([label(200, 100), label(200, 112)], { width: 400, height: 200 });
    expect(aside).toEqual({ x: 200, y: 128 });
  });

  test("a label that would leave the map stays away", () => {
    expect(placeLabels([label(-100, 100)], { width: 400, height: 200 })).toEqual([undefined]);
  });

  test("what lies over the map is left free", () => {
    const reserved = [{ left: 0, top: 0, right: 180, bottom: 130 }];
    const [place] = placeLabels([label(150, 110)], { width: 400, height: 200, reserved });
    expect(place).toBeUndefined();
    expect(placeLabels([label(150, 160)], { width: 400, height: 200, reserved })).toEqual([
      { x: 150, y: 160 },
    ]);
  });

  test("no two of 200 placed labels overlap, and all lie inside", () => {
    const random = generator(3);
    const wanted = Array.from({ length: 200 }, () => ({
      x: random() * 900,
      y: random() * 500,
      width: 40 + random() * 120,
      height: 16 + random() * 20,
    }));
    const boxes = placeLabels(wanted, { width: 900, height: 500 }, 100).flatMap((place, i) => {
      const { width = 0, height = 0 } = wanted[i] ?? {};
      return place
        ? [
            {
              left: place.x - width / 2,
              right: place.x + width / 2,
              top: place.y - height / 2,
              bottom: place.y + height / 2,
            },
          ]
        : [];
    });
    expect(boxes.length).toBeGreaterThan(15);
    for (const [i, a] of boxes.entries()) {
      expect(Math.min(a.left, a.top, 900 - a.right, 500 - a.bottom)).toBeGreaterThanOrEqual(0);
      for (const b of boxes.slice(i + 1)) {
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
      }
    }
  });

  test("there is an end to how many are shown", () => {
    const wanted = Array.from({ length: 50 }, (_, i) =>
      label(100 + 100 * (i % 10), 50 + 60 * Math.floor(i / 10)),
    );
    expect(placeLabels(wanted, { width: 2000, height: 2000 }, 7).filter(Boolean)).toHaveLength(7);
  });
});

describe("names on two lines", () => {
  test.each([
    ["guns", ["guns"]],
    ["space, orbit, nasa, launch", ["space, orbit,", "nasa, launch"]],
    ["  much\n white   space ", ["much white space"]],
    ["", [""]],
  ])("%j", (name, lines) => {
    expect(wrapName(name)).toEqual(lines);
  });

  test("an endless word and an endless name end in an ellipsis", () => {
    for (const name of ["x".repeat(500), "many words ".repeat(40)]) {
      const lines = wrapName(name, 20);
      expect(lines.length).toBeLessThanOrEqual(2);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(20);
      expect(lines.at(-1)).toMatch(/…$/);
    }
  });
});

describe("points by their cells", () => {
  const random = generator(11);
  const coords = Float32Array.from({ length: 6000 }, () => random() ** 2 * 3 - 1);
  coords[10] = Number.NaN;
  const rows = Array.from({ length: 3000 }, (_, row) => row);
  const at = (row: number): [number, number] => [coords[2 * row] as number, coords[2 * row + 1] as number];
  const grid = new PointGrid(coords);

  test("a box holds the rows that a look at all of them finds", () => {
    for (const [x0, y0, x1, y1] of [
      [-0.9, -0.9, -0.5, 0.3],
      [-9, -9, 9, 9],
      [1.7, 1.9, 5, 5],
      [3, 3, 4, 4],
    ] as const) {
      const found: number[] = [];
      grid.within({ x0, y0, x1, y1 }, (row) => found.push(row));
      const slow = rows.filter((row) => {
        const [x, y] = at(row);
        return x >= x0 && x <= x1 && y >= y0 && y <= y1;
      });
      expect(found.sort((a, b) => a - b)).toEqual(slow);
    }
  });

  test("the nearest row is the nearest of those that count", () => {
    for (let i = 0; i < 50; i++) {
      const [x, y] = [random() * 3 - 1, random() * 3 - 1];
      const counts = (row: number): boolean => row % 3 > 0;
      let [best, least] = [-1, 0.2];
      for (const row of rows.filter(counts)) {
        const [px, py] = at(row);
        const distance = Math.hypot(px - x, py - y);
        if (distance < least) [best, least] = [row, distance];
      }
      expect(grid.nearest(x, y, 0.2, counts)).toBe(best);
    }
  });

  test("a lasso holds what lies inside it, hollows left out", () => {
    const u = [-1, -1, 2, -1, 2, 2, 1, 2, 1, 0, 0, 0, 0, 2, -1, 2];
    const slow = rows.filter((row) => {
      const [x, y] = at(row);
      return Number.isFinite(x + y) && (y < 0 || x < 0 || x > 1);
    });
    expect([...grid.inside(u)]).toEqual(slow);
    expect([...grid.inside([])]).toEqual([]);
  });

  test("of round and of wild lassos the cells inside and the cells at the sides give the same as a look at all", () => {
    const dense = Float32Array.from({ length: 60_000 }, () => random() * 2 - 1);
    const many = new PointGrid(dense);
    const round = Array.from({ length: 90 }, (_, i) => [
      0.7 * Math.cos(i / 14.3),
      0.1 + 1.2 * Math.sin(i / 14.3),
    ]);
    const wild = Array.from({ length: 9 }, () => [random() * 3 - 1.5, random() * 3 - 1.5]);
    for (const polygon of [round, wild] as [number, number][][]) {
      const crossings = (x: number, y: number): number =>
        polygon.filter(([x1, y1], i) => {
          const [x2, y2] = polygon[(i + 1) % polygon.length] as [number, number];
          return y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
        }).length;
      const slow = Array.from({ length: 30_000 }, (_, row) => row).filter(
        (row) => crossings(dense[2 * row] as number, dense[2 * row + 1] as number) % 2 === 1,
      );
      expect([...many.inside(polygon.flat())]).toEqual(slow);
      expect(slow.length).toBeGreaterThan(1000);
    }
  });

  test("points on one line, one point and none are no trouble", () => {
    const line = new PointGrid(Float32Array.of(1, 0, 1, 1, 1, 2));
    expect(line.nearest(1, 1.2, 0.5, () => true)).toBe(1);
    expect(new PointGrid(Float32Array.of(1, 1)).nearest(1, 1, 0.5, () => true)).toBe(0);
    expect(new PointGrid(new Float32Array(0)).nearest(0, 0, 9, () => true)).toBe(-1);
  });
});
