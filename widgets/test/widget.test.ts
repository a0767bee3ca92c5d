import { afterEach, expect, test, vi } from "vitest";
import "../src/scope.css";
import widget from "../src/index";
import { LocalModel } from "./local_model";
import { payload, synthetic, traits } from "./synthetic";

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
});

function place(): HTMLElement {
  return document.body.appendChild(document.createElement("div"));
}

test("initialize and render draw a model, and hover asks its kernel", async () => {
  const model = new LocalModel(traits(synthetic(300)));
  model.onSend = (content) => {
    const { type, id, rows } = content as { type: string; id: number; rows: number[] };
    if (type === "request") model.receive({ type: "reply", id, ok: true, result: rows.map(payload) });
  };
  const { initialize, render } = widget();
  const el = place();
  ends.push(initialize({ model }), render({ model, el }));
  await vi.waitFor(() => expect(el.querySelector("canvas")).not.toBeNull());
  expect(el.querySelectorAll(".embedscope")).toHaveLength(1);
});

test("two views of a model share its selection without the kernel's help", async () => {
  const model = new LocalModel(traits(synthetic(300)));
  const { initialize, render } = widget();
  ends.push(initialize({ model }));
  const [a, b] = [place(), place()];
  ends.push(render({ model, el: a }), render({ model, el: b }));
  model.set("selection_rows", { dtype: "uint32", shape: [2], data: Uint32Array.of(1, 2).buffer });
  for (const el of [a, b]) expect(el.querySelector(".es-selected")?.textContent).toBe("2 selected · 0.7 %");
});

test("a host that hands one module to two models keeps them apart", () => {
  const [one, two] = [new LocalModel(traits(synthetic(300))), new LocalModel(traits(synthetic(200)))];
  const { initialize, render } = widget();
  const [a, b] = [place(), place()];
  ends.push(initialize({ model: one }), initialize({ model: two }));
  ends.push(render({ model: one, el: a }), render({ model: two, el: b }));
  expect(a.querySelector(".es-facts")?.textContent).toContain("300 texts");
  expect(b.querySelector(".es-facts")?.textContent).toContain("200 texts");
});

test("the host's signal and what render gives back both close everything", () => {
  const model = new LocalModel(traits(synthetic(50)));
  const { initialize, render } = widget();
  const life = new AbortController();
  const el = place();
  initialize({ model, signal: life.signal });
  render({ model, el, signal: life.signal });
  life.abort();
  expect(el.children).toHaveLength(0);
  expect(model.callbackCount).toBe(0);
});

test("a pane that this front end lacks is named", () => {
  const model = new LocalModel({ ...traits(synthetic(50)), panes: ["map", "telescope"] });
  const el = place();
  ends.push(widget().render({ model, el }));
  expect(el.querySelector('[role="alert"]')?.textContent).toBe(
    "This front end has no pane “telescope”; it has search, map, neighbors, table, workbench, maps, diff, heatmap, distributions, training.",
  );
});
