import { afterEach, beforeEach, expect, test } from "vitest";
import { bind } from "../src/bind";
import { BusyWatch } from "../src/busy";
import { emptyState, type ScopeState } from "../src/state";
import { Store } from "../src/store";
import { LocalModel } from "./local_model";
import { synthetic, traits } from "./synthetic";

let life: AbortController;
let model: LocalModel;
let store: Store<ScopeState>;
let told: boolean[];

beforeEach(() => {
  life = new AbortController();
  model = new LocalModel({ ...traits(synthetic(20)), layout_by: "umap" });
  store = new Store<ScopeState>(emptyState());
  told = [];
  bind(model, store, new BusyWatch((busy) => told.push(busy), 10), life.signal);
});
afterEach(() => life.abort());

const late = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

test("a layout that Python could not make and sets back is waited for no longer", async () => {
  store.set("layoutBy", "pca");
  expect(model.get("layout_by")).toBe("pca");
  await late();
  expect(told).toEqual([true]);
  model.set("layout_by", "umap");
  expect(told).toEqual([true, false]);
  expect(store.get("layoutBy")).toBe("umap");
  expect(model.saves).toBe(1);
  await late();
  expect(told).toEqual([true, false]);
});

test("a layout is waited for until its places come", async () => {
  store.set("layoutBy", "pca");
  await late();
  const mirrored = synthetic(20).coords.map((value) => -value);
  model.set("coords", { dtype: "float32", shape: [20, 2], data: mirrored.buffer });
  expect(told).toEqual([true, false]);
});

test("what Python chooses is not waited for", async () => {
  model.set("layout_by", "pca");
  await late();
  expect(store.get("layoutBy")).toBe("pca");
  expect(told).toEqual([]);
  expect(model.saves).toBe(0);
});
