import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { History } from "../src/history";
import type { Found, Query } from "../src/source/source";
import { StaticSource } from "../src/source/static";
import { emptyState, type ScopeState, select } from "../src/state";
import { Store } from "../src/store";
import { ask, followQueries, walkTo } from "../src/walk";

let store: Store<ScopeState>;
let life: AbortController;

beforeEach(() => {
  store = new Store<ScopeState>({
    ...emptyState(),
    universe: { n: 100, modality: "text", title: "", facts: "" },
  });
  life = new AbortController();
});

afterEach(() => life.abort());

const item = (row: number): Query => ({ kind: "item", row });
const found = (row: number): Found => ({ rows: [row + 1], distances: [0.5], metric: "cosine", note: "" });

test("a walk keeps its way; who walks back and turns off forgets what lay ahead", () => {
  for (const row of [1, 2, 3]) ask(store, item(row));
  walkTo(store, 0);
  expect(store.get("query")).toEqual(item(1));
  expect(store.get("trail")).toHaveLength(3);
  ask(store, item(9));
  expect(store.get("trail")).toEqual([item(1), item(9)]);
  expect(store.get("step")).toBe(1);
});

test("who lets go of something and takes it up again has not walked", () => {
  ask(store, item(4));
  ask(store, null);
  expect(store.get("query")).toBeNull();
  ask(store, item(4));
  expect(store.get("trail")).toEqual([item(4)]);
});

test("the neighbours of the last query stay, in whatever order the answers come", async () => {
  const waiting = new Map<number, (answer: Found) => void>();
  const source = new StaticSource({
    item: () => undefined,
    neighbors: (query) =>
      new Promise((resolve) => waiting.set(query.kind === "item" ? query.row : -1, resolve)),
  });
  followQueries(store, source, life.signal);
  ask(store, item(1));
  ask(store, item(2));
  waiting.get(2)?.(found(2));
  waiting.get(1)?.(found(1));
  await vi.waitFor(() => expect(store.get("found")).toEqual(found(2)));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(store.get("found")).toEqual(found(2));
});

test("why there are no neighbours is said in words, and forgotten with the next query", async () => {
  const source = new StaticSource({
    item: () => undefined,
    neighbors: async (query) => {
      if (query.kind === "text") throw new Error("This encoder reads images only.");
      return found(0);
    },
  });
  followQueries(store, source, life.signal);
  ask(store, { kind: "text", text: "a cat" });
  await vi.waitFor(() => expect(store.get("findProblem")).toBe("This encoder reads images only."));
  ask(store, item(0));
  await vi.waitFor(() => expect(store.get("found")).toEqual(found(0)));
  expect(store.get("findProblem")).toBe("");
});

test("selections are undone and redone from whichever side they came", () => {
  const history = new History(store, life.signal);
  select(store, [1, 2]);
  select(store, [3]);
  history.undo();
  expect([...store.get("selection")]).toEqual([1, 2]);
  history.undo();
  expect(store.get("selection")).toHaveLength(0);
  expect(history.canUndo).toBe(false);
  history.redo();
  history.redo();
  expect([...store.get("selection")]).toEqual([3]);
  history.undo();
  select(store, [7]);
  expect(history.canRedo).toBe(false);
});

test("another title keeps the selections that were, other items do not", () => {
  const history = new History(store, life.signal);
  select(store, [1]);
  store.set("universe", { ...store.get("universe"), facts: "other words", revision: 1 });
  expect(history.canUndo).toBe(true);
  store.set("universe", { ...store.get("universe"), n: 50 });
  expect(history.canUndo).toBe(false);
});
