import { expect, test } from "vitest";
import { BusyWatch } from "../src/busy";
import { emptyState, normalRows, type ScopeState, sameRows, select } from "../src/state";
import { Store } from "../src/store";

function storeOf(n: number): Store<ScopeState> {
  return new Store<ScopeState>({ ...emptyState(), universe: { n, modality: "text", title: "", facts: "" } });
}

test("a listener hears changes and only changes, until its signal aborts", () => {
  const store = storeOf(3);
  const life = new AbortController();
  const heard: number[] = [];
  store.on("hover", (row) => heard.push(row), life.signal);
  for (const row of [1, 1, 2]) store.set("hover", row);
  life.abort();
  store.set("hover", 3);
  expect(heard).toEqual([1, 2]);
  expect(store.listenerCount).toBe(0);
});

test("a listener that is added with an aborted signal is not kept", () => {
  const store = storeOf(3);
  store.on("hover", () => {}, AbortSignal.abort());
  expect(store.listenerCount).toBe(0);
});

test("a selection is sorted, unique and within the universe", () => {
  expect([...normalRows([5, 1, 5, 0, 9, 1], 6)]).toEqual([0, 1, 5]);
  expect([...normalRows([], 6)]).toEqual([]);
});

test("selecting what is selected tells nobody", () => {
  const store = storeOf(10);
  let told = 0;
  store.on("selection", () => told++, new AbortController().signal);
  select(store, [3, 1]);
  select(store, [1, 3, 3]);
  expect(told).toBe(1);
  expect(sameRows(store.get("selection"), Uint32Array.of(1, 3))).toBe(true);
  expect(sameRows(Uint32Array.of(1, 2), Uint32Array.of(1, 3))).toBe(false);
});

test("waiting is told once it has lasted, and its end once all have their answer", async () => {
  const told: boolean[] = [];
  const busy = new BusyWatch((now) => told.push(now), 20);
  busy.begin()();
  const first = busy.begin();
  const second = busy.begin();
  await new Promise((resolve) => setTimeout(resolve, 60));
  first();
  expect(told.at(-1)).toBe(true);
  second();
  second();
  expect(told.at(-1)).toBe(false);
  expect(told.filter((now) => !now)).toHaveLength(1);
});
