import { describe, expect, test, vi } from "vitest";
import type { ClusterLabel } from "../src/model";
import { walks } from "../src/panes/map/choosing";
import { SharedCamera } from "../src/panes/map/shared_camera";
import { boundsOfBoth, mixLabels, mixPlaces } from "../src/panes/maps/blend";
import { Lens } from "../src/panes/maps/lens";
import { oneWay, shareAt, thereAndBack } from "../src/panes/maps/run";
import { shareFor } from "../src/panes/maps/slider";
import { mostMoved, trailsOf } from "../src/panes/maps/trails";
import { emptyState, type ScopeState } from "../src/state";
import { Store } from "../src/store";

const label = (name: string, x: number, y: number): ClusterLabel => ({
  name,
  x,
  y,
  size: 3,
  code: 0,
  min_zoom: 1,
  max_zoom: null,
});

describe("a lens", () => {
  const whole = (): Store<ScopeState> =>
    new Store<ScopeState>({
      ...emptyState(),
      coords: Float32Array.of(1, 2),
      coordsB: Float32Array.of(3, 4),
      hover: 7,
    });

  test("keys that stand for others are read, set and heard under their own names", () => {
    const store = whole();
    const lens = new Lens(store, { coords: "coordsB" });
    const life = new AbortController();
    const heard = vi.fn();
    lens.on("coords", heard, life.signal);
    expect([...lens.get("coords")]).toEqual([3, 4]);
    const next = Float32Array.of(5, 6);
    store.set("coordsB", next);
    expect(heard).toHaveBeenLastCalledWith(next);
    store.set("coords", Float32Array.of(9, 9));
    expect(heard).toHaveBeenCalledTimes(1);
    lens.set("coords", Float32Array.of(0, 0));
    expect([...store.get("coordsB")]).toEqual([0, 0]);
    life.abort();
    expect(store.listenerCount).toBe(0);
  });

  test("all other keys are the store's, both ways", () => {
    const store = whole();
    const lens = new Lens(store, { coords: "coordsB" });
    expect(lens.get("hover")).toBe(7);
    lens.set("hover", 3);
    expect(store.get("hover")).toBe(3);
  });

  test("values of its own stay its own", () => {
    const store = whole();
    const lens = new Lens(store, {}, { coords: Float32Array.of(8, 8) });
    const life = new AbortController();
    const [here, there] = [vi.fn(), vi.fn()];
    lens.on("coords", here, life.signal);
    store.on("coords", there, life.signal);
    lens.set("coords", Float32Array.of(0, 1));
    expect(here).toHaveBeenCalledTimes(1);
    expect(there).not.toHaveBeenCalled();
    expect([...store.get("coords")]).toEqual([1, 2]);
    expect([...lens.get("coordsB")]).toEqual([3, 4]);
    life.abort();
    expect(lens.listenerCount).toBe(0);
  });
});

describe("between two maps", () => {
  const from = Float32Array.of(0, 0, 1, -1);
  const to = Float32Array.of(1, 2, 1, 1);

  test("the ends are the maps themselves, and places go straight from one to the other", () => {
    expect(mixPlaces(from, to, 0)).toBe(from);
    expect(mixPlaces(from, to, 1)).toBe(to);
    expect([...mixPlaces(from, to, 0.25)]).toEqual([0.25, 0.5, 1, -0.5]);
  });

  test("without as many places in the second map, the first one stays", () => {
    expect(mixPlaces(from, new Float32Array(0), 0.5)).toBe(from);
  });

  test("a place that is nowhere in one map is nowhere on the way", () => {
    expect(mixPlaces(Float32Array.of(Number.NaN, 0), Float32Array.of(1, 1), 0.5)[0]).toBeNaN();
  });

  test("names go along; one that the second map lacks stays where it is", () => {
    const names = [label("space", 0, 0), label("guns", -1, 1)];
    expect(mixLabels(names, [label("space", 1, -1)], 0.5)).toMatchInlineSnapshot(`
      [
        {
          "code": 0,
          "max_zoom": null,
          "min_zoom": 1,
          "name": "space",
          "size": 3,
          "x": 0.5,
          "y": -0.5,
        },
        {
          "code": 0,
          "max_zoom": null,
          "min_zoom": 1,
          "name": "guns",
          "size": 3,
          "x": -1,
          "y": 1,
        },
      ]
    `);
  });

  test("what is framed holds both maps", () => {
    expect(boundsOfBoth(from, to)).toEqual({ x: 0, y: -1, width: 1, height: 3 });
    expect(boundsOfBoth(from, new Float32Array(0))).toEqual({ x: 0, y: -1, width: 1, height: 1 });
    expect(boundsOfBoth(new Float32Array(0), new Float32Array(0))).toBeUndefined();
  });
});

describe("the way by itself", () => {
  test("it goes to the far end, looks, and comes back to where it stood", () => {
    const legs = thereAndBack(0.2, false);
    const whole = legs.reduce((sum, { ms }) => sum + ms, 0);
    expect(shareAt(legs, 0)).toBeCloseTo(0.2);
    expect(shareAt(legs, whole / 2)).toBe(1);
    expect(shareAt(legs, whole - 1)).toBeCloseTo(0.2, 2);
    expect(shareAt(legs, whole)).toBeUndefined();
    expect(legs.at(-1)?.to).toBe(0.2);
    const onTheWay = Array.from({ length: 20 }, (_, i) => shareAt(legs, (i / 20) * (legs[0]?.ms ?? 0)) ?? -1);
    expect(onTheWay).toEqual([...onTheWay].sort((a, b) => a - b));
  });

  test("from the student's map the far end is the teacher's", () => {
    expect(thereAndBack(1, false).map(({ to }) => to)).toEqual([0, 0, 1]);
  });

  test("without motion there is nothing between the ends", () => {
    const legs = thereAndBack(0, true);
    const seen = new Set(Array.from({ length: 100 }, (_, i) => shareAt(legs, i * 30)));
    expect(seen).toEqual(new Set([1, undefined]));
    expect(shareAt(oneWay(0, 1, true), 0)).toBeUndefined();
  });
});

test.each([
  ["ArrowRight", 0.5, 0.55],
  ["ArrowUp", 0.15, 0.2],
  ["ArrowLeft", 0.5, 0.45],
  ["ArrowDown", 0.35, 0.3],
  ["Home", 0.5, 0],
  ["End", 0.5, 1],
  ["Tab", 0.5, undefined],
])("%s at %f leads to %s", (key, now, then) => {
  expect(shareFor(key, now)).toBe(then);
});

describe("trails", () => {
  const from = new Float32Array(12);
  const to = Float32Array.of(0, 0, 3, 4, 1, 0, Number.NaN, 0, -1, 0, 0, 2);
  const all = Uint32Array.of(0, 1, 2, 3, 4, 5);

  test("those that move most come first, equally far ones in their order, and none without a place", () => {
    expect([...mostMoved(from, to, all, 3)]).toEqual([1, 5, 2]);
    expect([...mostMoved(from, to, all, 100)]).toEqual([1, 5, 2, 4, 0]);
    expect([...mostMoved(from, to, Uint32Array.of(4, 0), 1)]).toEqual([4]);
    expect([...mostMoved(from, to, new Uint32Array(0), 5)]).toEqual([]);
  });

  const store = (state: Partial<ScopeState>): Store<ScopeState> =>
    new Store({
      ...emptyState(),
      universe: { n: 6, modality: "text", title: "", facts: "" },
      coords: from,
      coordsB: to,
      ...state,
    });

  test("the selection goes before the neighbours, and these before everything", () => {
    const found = { rows: [2, 99], distances: [0, 0], metric: "cosine" as const, note: "" };
    const asked = store({ query: { kind: "item", row: 5 }, found, selection: Uint32Array.of(4) });
    expect(trailsOf(asked)).toMatchObject({ of: "the selected item", chosen: true });
    asked.set("selection", new Uint32Array(0));
    expect(trailsOf(asked)).toMatchObject({ of: "2 items at hand", chosen: true });
    expect([...trailsOf(asked).rows]).toEqual([5, 2]);
    asked.set("query", null);
    expect(trailsOf(asked)).toMatchObject({ of: "the 5 items that move most", chosen: false });
  });

  test("of a large selection only those that move most, and the words say so", () => {
    const n = 2000;
    const far = Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? i / n : 0));
    const selection = Uint32Array.from({ length: n }, (_, row) => row);
    const trails = trailsOf(
      store({
        coords: new Float32Array(2 * n),
        coordsB: far,
        selection,
        universe: { n, modality: "text", title: "", facts: "" },
      }),
    );
    expect(trails.rows).toHaveLength(500);
    expect(Math.min(...trails.rows)).toBe(1500);
    expect(trails.of).toBe("the 500 of 2,000 selected items that move most");
  });

  test("what is isolated alone counts", () => {
    const color = {
      kind: "category" as const,
      column: "",
      title: "",
      codes: Uint16Array.of(0, 0, 1, 1, 1, 0),
      names: ["a", "b"],
      colors: ["#ff0000", "#0000ff"],
      counts: [3, 3],
    };
    expect([...trailsOf(store({ color, isolated: new Set([1]) })).rows]).toEqual([2, 4]);
  });
});

test.each([
  [["map"], false],
  [["map", "neighbors"], true],
  [["maps", "diff"], true],
  [["maps", "heatmap"], false],
])("in %j a click asks for neighbours: %s", (panes, asks) => {
  expect(walks(new Store<ScopeState>({ ...emptyState(), panes }))).toBe(asks);
});

describe("one camera for two maps", () => {
  const looking = () => ({ look: vi.fn(), reset: vi.fn() });

  test("what a person does to one map the other does too, and never back to the one that leads", () => {
    const [left, right] = [looking(), looking()];
    const camera = new SharedCamera();
    const life = new AbortController();
    camera.join(left, life.signal);
    camera.join(right, life.signal);
    camera.follow(left, [1, 0], false);
    expect(right.look).not.toHaveBeenCalled();
    camera.follow(left, [2, 0], true);
    expect(right.look).toHaveBeenLastCalledWith([2, 0], true);
    expect(left.look).not.toHaveBeenCalled();
    camera.follow(left, [1, 0], false);
    expect(right.reset).toHaveBeenCalledTimes(1);
  });

  test("a map that joins later looks from where the others are looked at", () => {
    const camera = new SharedCamera();
    const life = new AbortController();
    const [left, right] = [looking(), looking()];
    camera.join(left, life.signal);
    camera.follow(left, [3, 0], true);
    camera.join(right, life.signal);
    expect(right.look).toHaveBeenCalledWith([3, 0], true);
    life.abort();
    camera.follow(left, [4, 0], true);
    expect(right.look).toHaveBeenCalledTimes(1);
  });
});
