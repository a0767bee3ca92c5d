import { element } from "../../dom";
import { count } from "../../format";
import { NO_ROWS, type ScopeStore, select } from "../../state";
import type { PaneContext } from "../pane";
import { Card } from "./card";
import { project, type View } from "./geometry";
import { watchDrags, wheelOnlyWhenMeant } from "./gestures";
import { openLegend } from "./legend";
import { Names } from "./names";
import { lookFor, paintOf, rgba } from "./paint";
import { Plot, type PlotEvents } from "./plot";
import { openSelectionBar } from "./selection_bar";
import { listenToKeys, openTools } from "./tools";

/** The map: points in the plane, their cluster names, a legend, and a selection. */
export function mapPane({ store, source, el, root, signal }: PaneContext): void {
  const points = element("div", { class: "es-points" });
  const ring = element("div", { class: "es-ring", hidden: "" });
  const notice = element("p", { class: "es-notice", role: "status" });
  const stage = element("div", { class: "es-stage", tabindex: "0", role: "application" });
  const names = new Names();
  const card = new Card(store, source, signal);
  const plot = new Plot(points, plotEvents(), signal);
  const tools = openTools(plot);
  const bar = openSelectionBar(store, () => plot.zoomTo(store.get("selection")), signal);
  stage.append(points, names.host, ring, tools.host, bar, notice, card.host);
  el.append(stage, openLegend(store, signal));

  let dragging = false;
  watchDrags(
    stage,
    (now) => {
      dragging = now;
      hover(-1);
    },
    signal,
  );
  wheelOnlyWhenMeant(stage, signal);
  listenToKeys(
    stage,
    plot,
    tools,
    () => letGo(store, tools.lassoOn() ? () => tools.toggleLasso(false) : undefined),
    signal,
  );

  function plotEvents(): PlotEvents {
    return {
      select: (rows) => {
        const wanted = visible(store, rows);
        select(store, wanted);
        if (wanted.length !== rows.length) plot.select(store.get("selection"));
      },
      hover: (row) => hover(dragging || visible(store, [row]).length === 0 ? -1 : row),
      drawn: (view) => {
        names.follow(view);
        moveRing(view);
      },
      alive: (alive) => say(alive ? "" : "The graphics context was lost. Drawing again…"),
      failed: (error) => store.set("problem", error instanceof Error ? error.message : String(error)),
    };
  }

  function hover(row: number): void {
    store.set("hover", row);
  }

  function say(words: string): void {
    notice.textContent = words;
    notice.classList.toggle("es-shown", words !== "");
  }

  function moveRing(view: View): void {
    const row = store.get("hover");
    ring.hidden = row < 0;
    if (row >= 0) {
      const [x, y] = placeOf(store, row, view);
      ring.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
    }
  }

  function showHover(row: number): void {
    moveRing(plot.view);
    if (row < 0) card.hide();
    else card.show(row, placeOf(store, row, plot.view));
  }

  function draw(): void {
    const { n, modality } = store.get("universe");
    const things = `${count(n)} ${modality === "image" ? "images" : "texts"}`;
    stage.setAttribute(
      "aria-label",
      `Map of ${things}. Arrows pan, plus and minus zoom, 0 shows everything, L draws a lasso.`,
    );
    const coords = store.get("coords");
    if (coords.length !== 2 * n) {
      store.set(
        "problem",
        `The map has coordinates for ${count(coords.length / 2)} items, but there are ${count(n)}.`,
      );
      return;
    }
    say(n === 0 ? "There is nothing on this map: the space has no items." : "");
    if (n === 0) return;
    const dark = root.dataset.theme === "dark";
    const look = {
      ...lookFor(n, points.clientWidth * points.clientHeight),
      dark,
      isolated: store.get("isolated"),
    };
    plot.show(
      coords,
      paintOf(store.get("color"), n, look),
      look.size,
      rgba(getComputedStyle(root).backgroundColor),
    );
    plot.select(store.get("selection"));
  }

  function nameOnlyIsolated(): void {
    const color = store.get("color");
    const isolated = store.get("isolated");
    const chosen =
      color.kind === "category" ? new Set([...isolated].map((code) => color.names[code])) : new Set();
    const about =
      color.kind === "category" && store.get("labels").some(({ name }) => color.names.includes(name));
    names.only(({ name }) => chosen.size === 0 || !about || chosen.has(name));
  }

  const drawSoon = once(draw, signal);
  for (const key of ["universe", "coords", "color", "isolated"] as const) store.on(key, drawSoon, signal);
  root.addEventListener("es-theme", drawSoon, { signal });
  store.on("labels", (labels) => names.set(labels), signal);
  store.on("isolated", nameOnlyIsolated, signal);
  store.on("color", nameOnlyIsolated, signal);
  store.on("selection", (rows) => plot.select(rows), signal);
  store.on("hover", showHover, signal);
  store.on("busy", (busy) => say(busy ? "The kernel is busy; waiting for it…" : ""), signal);
  names.set(store.get("labels"));
  drawSoon();
}

/** Escape lets go of one thing after another: the lasso tool, the selection, the isolated categories. */
function letGo(store: ScopeStore, dropTool: (() => void) | undefined): void {
  if (dropTool) dropTool();
  else if (store.get("selection").length > 0) store.set("selection", NO_ROWS);
  else store.set("isolated", new Set());
}

/** Of these rows, those that are not faded out by an isolated category. */
function visible(store: ScopeStore, rows: readonly number[]): number[] {
  const color = store.get("color");
  const isolated = store.get("isolated");
  if (color.kind !== "category" || isolated.size === 0) return [...rows];
  return rows.filter((row) => isolated.has(color.codes[row] ?? -1));
}

function placeOf(store: ScopeStore, row: number, view: View): [number, number] {
  const coords = store.get("coords");
  return project(view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
}

/** Run once for all the changes of one moment: a new colour comes with new choices and labels. */
function once(work: () => void, signal: AbortSignal): () => void {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      if (!signal.aborted) work();
    });
  };
}
