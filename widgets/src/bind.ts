import type { BusyWatch } from "./busy";
import { decode, encodeRows } from "./decode";
import { measure } from "./format";
import type { ComparisonFacts, Model, ScopeModel, WireArray, WireColor, WireQuery } from "./model";
import type { Query } from "./source/source";
import { type Color, NEWEST, NO_CODES, type ScopeStore, sameRows, select } from "./state";
import { ask } from "./walk";

const NO_PLACES = new Float32Array(0);

/** Keep a store and a widget's model in step, both ways, until the signal aborts. */
export function bind(model: ScopeModel, store: ScopeStore, busy: BusyWatch, signal: AbortSignal): void {
  const readers: { [K in keyof Model]: () => void } = {
    panes: () => store.set("panes", model.get("panes")),
    universe: () => store.set("universe", model.get("universe")),
    coords: () => store.set("coords", decode(model.get("coords"), "coords", "float32")),
    coords_b: () => store.set("coordsB", placesOf(model.get("coords_b"))),
    color: () => readColor(model.get("color"), store),
    color_by: () => store.set("colorBy", model.get("color_by")),
    color_choices: () => store.set("colorChoices", model.get("color_choices")),
    labels: () => store.set("labels", model.get("labels")),
    labels_b: () => store.set("labelsB", model.get("labels_b") ?? []),
    morph: () => store.set("morph", model.get("morph") ?? 0),
    comparison: () => readComparison(model.get("comparison") ?? {}, store),
    selection_rows: () => select(store, selectionOf(model)),
    hover_columns: () => store.set("hoverColumns", model.get("hover_columns")),
    layout_by: () => store.set("layoutBy", model.get("layout_by")),
    layout_choices: () => store.set("layoutChoices", model.get("layout_choices")),
    n_neighbors: () => store.set("nNeighbors", model.get("n_neighbors")),
    query: () => readQuery(model.get("query"), store),
    saved_selections: () => store.set("savedSelections", model.get("saved_selections")),
    workbench: () => store.set("workbench", model.get("workbench")),
    job: () => store.set("job", model.get("job")),
    training: () => store.set("training", model.get("training") ?? {}),
    map_step: () => store.set("mapStep", model.get("map_step") ?? NEWEST),
    height: () => store.set("height", model.get("height")),
    theme: () => store.set("theme", model.get("theme")),
  };
  for (const [key, read] of Object.entries(readers)) {
    const guarded = (): void => reporting(store, read);
    guarded();
    model.on(`change:${key as keyof Model}`, guarded);
    signal.addEventListener("abort", () => model.off(`change:${key as keyof Model}`, guarded), {
      once: true,
    });
  }
  sendSelection(model, store, signal);
  sendQuery(model, store, signal);
  sendMorph(model, store, signal);
  sendMapStep(model, store, signal);
  sendChoice(model, store, busy, { key: "colorBy", trait: "color_by", answer: "color" }, signal);
  sendChoice(model, store, busy, { key: "layoutBy", trait: "layout_by", answer: "coords" }, signal);
}

function placesOf(wire: Model["coords_b"] | undefined): Float32Array {
  return wire && "data" in wire ? decode(wire as WireArray, "coords_b", "float32") : NO_PLACES;
}

/** What is chosen at first is the first of the choices. */
function readComparison(facts: ComparisonFacts, store: ScopeStore): void {
  store.set("comparison", facts);
  const groups = facts.groups ?? [];
  const bandwidths = facts.bandwidths ?? [];
  if (!groups.some(({ key }) => key === store.get("groupBy"))) store.set("groupBy", groups[0]?.key ?? "");
  if (!bandwidths.some(({ key }) => key === store.get("bandwidth")))
    store.set("bandwidth", bandwidths[0]?.key ?? "");
}

/** A slider moves many times a second: Python hears of where it came to rest. */
function sendMorph(model: ScopeModel, store: ScopeStore, signal: AbortSignal): void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  const send = (morph: number): void => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (model.get("morph") === morph) return;
      model.set("morph", morph);
      model.save_changes();
    }, 150);
  };
  store.on("morph", send, signal);
  signal.addEventListener("abort", () => clearTimeout(resting), { once: true });
}

function sendMapStep(model: ScopeModel, store: ScopeStore, signal: AbortSignal): void {
  store.on(
    "mapStep",
    (step) => {
      if (model.get("map_step") === step) return;
      model.set("map_step", step);
      model.save_changes();
    },
    signal,
  );
}

function selectionOf(model: ScopeModel): Uint32Array {
  return decode(model.get("selection_rows"), "selection_rows", "uint32");
}

function sendSelection(model: ScopeModel, store: ScopeStore, signal: AbortSignal): void {
  store.on(
    "selection",
    (rows) => {
      if (sameRows(rows, selectionOf(model))) return;
      model.set("selection_rows", encodeRows(rows));
      model.save_changes();
    },
    signal,
  );
}

/** A choice that Python answers with data: until they come, the kernel is at work. */
interface Choice {
  key: "colorBy" | "layoutBy";
  trait: "color_by" | "layout_by";
  answer: "color" | "coords";
}

function sendChoice(
  model: ScopeModel,
  store: ScopeStore,
  busy: BusyWatch,
  { key, trait, answer }: Choice,
  signal: AbortSignal,
): void {
  let answered: (() => void) | undefined;
  store.on(
    key,
    (chosen) => {
      answered?.();
      // The choice came from Python, which sets it back when it could not be made.
      if (chosen === model.get(trait)) return;
      answered = busy.begin();
      model.set(trait, chosen);
      model.save_changes();
    },
    signal,
  );
  store.on(answer, () => answered?.(), signal);
  signal.addEventListener("abort", () => answered?.(), { once: true });
}

function sendQuery(model: ScopeModel, store: ScopeStore, signal: AbortSignal): void {
  store.on(
    "query",
    (query) => {
      const wire = wireOf(query);
      if (sameWire(wire, model.get("query"))) return;
      model.set("query", wire);
      model.save_changes();
    },
    signal,
  );
}

function wireOf(query: Query | null): WireQuery {
  if (query === null) return {};
  return query.kind === "image" ? { kind: query.kind, name: query.name } : query;
}

function sameWire(a: WireQuery, b: WireQuery): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** An image lies in the page alone: Python can name it, but not show it here. */
function readQuery(wire: WireQuery, store: ScopeStore): void {
  if (sameWire(wire, wireOf(store.get("query")))) return;
  if (!("kind" in wire)) ask(store, null);
  else if (wire.kind !== "image") ask(store, wire);
}

function readColor(wire: WireColor, store: ScopeStore): void {
  store.set("isolated", NO_CODES);
  store.set("color", decodeColor(wire));
}

export function decodeColor(wire: WireColor): Color {
  const { kind = "none", column = "", title = "" } = wire ?? {};
  if (kind === "category" && wire.codes) {
    const codes = decode(wire.codes, "color.codes", "uint16", "uint32");
    return {
      kind,
      column,
      title,
      codes,
      names: wire.names ?? [],
      colors: wire.colors ?? [],
      counts: wire.counts ?? [],
    };
  }
  if (kind === "number" && wire.values) {
    const values = decode(wire.values, "color.values", "float32");
    const range = wire.range ?? [0, 1];
    const rangeLabels = wire.range_labels ?? [measure(range[0]), measure(range[1])];
    return { kind, column, title, values, range, rangeLabels, ramp: wire.ramp ?? [] };
  }
  return { kind: "none", column, title };
}

function reporting(store: ScopeStore, read: () => void): void {
  try {
    read();
  } catch (error) {
    store.set("problem", error instanceof Error ? error.message : String(error));
  }
}
