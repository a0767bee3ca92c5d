import { afterEach, beforeEach, expect, test } from "vitest";
import { BusyWatch } from "../src/busy";
import { CachedSource } from "../src/source/cached";
import { KernelSource } from "../src/source/kernel";
import type { Payload } from "../src/source/source";
import { StaticSource } from "../src/source/static";
import { LocalModel } from "./local_model";
import { payload, synthetic, traits } from "./synthetic";

interface Sent {
  type: string;
  id: number;
  kind?: string;
  rows?: number[];
}

let model: LocalModel;
let life: AbortController;
const busy: boolean[] = [];

beforeEach(() => {
  model = new LocalModel(traits(synthetic(10)));
  life = new AbortController();
  busy.length = 0;
});

afterEach(() => life.abort());

function source(timeout?: number): KernelSource {
  const watch = new BusyWatch((now) => busy.push(now), 15);
  return new KernelSource(model, { busy: watch, signal: life.signal, ...(timeout ? { timeout } : {}) });
}

function sent(): Sent[] {
  return model.sent as Sent[];
}

function answer({ id, rows = [] }: Sent, buffers: DataView[] = []): void {
  const result = rows.map((row) => ({ ...payload(row), thumbnail: buffers.length > 0 ? 0 : null }));
  model.receive({ type: "reply", id, ok: true, result }, buffers);
}

test("a request says what it wants and gets its answer", async () => {
  model.onSend = (content) => answer(content as Sent);
  const [item] = await source().payload([4]);
  expect(item).toEqual(payload(4));
  expect(sent()[0]).toMatchObject({ type: "request", kind: "payload", rows: [4] });
});

test("replies that come in another order reach their own requests", async () => {
  const kernel = source();
  const answers = [kernel.payload([1]), kernel.payload([2])];
  for (const request of sent().toReversed()) answer(request);
  const rows = (await Promise.all(answers)).map(([item]) => item?.row);
  expect(rows).toEqual([1, 2]);
});

test("a thumbnail's bytes come as a buffer beside the reply", async () => {
  const bytes = new DataView(Uint8Array.of(0, 137, 80, 78, 71).buffer, 1);
  model.onSend = (content) => answer(content as Sent, [bytes]);
  const [item] = await source().payload([0]);
  expect([...new Uint8Array((await item?.thumbnail?.arrayBuffer()) as ArrayBuffer)]).toEqual([
    137, 80, 78, 71,
  ]);
});

test("a kernel that says no is an error with its words", async () => {
  model.onSend = (content) =>
    model.receive({ type: "reply", id: (content as Sent).id, ok: false, error: "row 9 is not there" });
  await expect(source().payload([9])).rejects.toThrow("row 9 is not there");
});

test("without an answer the request fails in time, tells the kernel, and a late answer does no harm", async () => {
  await expect(source(40).payload([1])).rejects.toThrow("did not answer within 0.04 s");
  const [request, cancel] = sent();
  expect(cancel).toEqual({ type: "cancel", id: request?.id });
  answer(request as Sent);
  expect(busy).toEqual([true, false]);
});

test("a cancelled request rejects at once and tells the kernel", async () => {
  const asked = new AbortController();
  const waiting = source().payload([1], asked.signal);
  asked.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  expect(sent()[1]).toEqual({ type: "cancel", id: sent()[0]?.id });
});

test("an aborted request is never sent", async () => {
  await expect(source().payload([1], AbortSignal.abort())).rejects.toThrow(/abort/i);
  expect(sent()).toEqual([]);
});

test("other messages and replies to other tabs are left alone", async () => {
  const waiting = source().payload([3]);
  const [request] = sent();
  for (const message of [null, "hello", { type: "progress" }, { type: "reply", id: -1, ok: true }])
    model.receive(message);
  answer(request as Sent);
  expect((await waiting)[0]?.row).toBe(3);
});

test("closing rejects what waits and leaves no callback behind", async () => {
  const kernel = source();
  const waiting = kernel.payload([1]);
  life.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
  await expect(kernel.payload([1])).rejects.toThrow(/abort/i);
  expect(model.callbackCount).toBe(0);
});

test("the cache asks for a row once, forgets the oldest, and keeps no failure", async () => {
  const asked: number[][] = [];
  const source = new StaticSource({ item: payload });
  source.payload = async (rows): Promise<Payload[]> => {
    asked.push([...rows]);
    if (rows.includes(13)) throw new Error("no");
    return rows.map(payload);
  };
  const cached = new CachedSource(source, 2);
  await cached.payload([1, 2]);
  expect((await cached.payload([2, 3])).map(({ row }) => row)).toEqual([2, 3]);
  await cached.payload([1]);
  await expect(cached.payload([13])).rejects.toThrow("no");
  await expect(cached.payload([13])).rejects.toThrow("no");
  expect(asked).toEqual([[1, 2], [3], [1], [13], [13]]);
});
