import { swatch } from "../../colors";
import { element } from "../../dom";
import { count } from "../../format";
import type { ColorChoice, LayoutChoice } from "../../model";
import { type CategoryColor, type Color, NO_CODES, type NumberColor, type ScopeStore } from "../../state";

const MOST_ROWS = 300;

/** The colour menu, and below it what the colours mean. */
export function openLegend(store: ScopeStore, signal: AbortSignal): HTMLElement {
  const menu = element("select", { class: "es-select", "aria-label": "Colour by" });
  const key = element("div", { class: "es-key" });
  const panel = element(
    "aside",
    { class: "es-legend", "aria-label": "Legend" },
    element("label", { class: "es-colorby" }, element("span", {}, "Colour by"), menu),
    openLayoutMenu(store, signal),
    key,
  );
  menu.addEventListener("change", () => store.set("colorBy", menu.value), { signal });

  const fillMenu = (): void => {
    menu.replaceChildren(...store.get("colorChoices").map(optionOf));
    menu.value = store.get("colorBy");
    menu.disabled = store.get("colorChoices").length < 2;
  };
  const fillKey = (): void => key.replaceChildren(keyOf(store.get("color"), store));
  store.on("colorChoices", fillMenu, signal);
  store.on("colorBy", fillMenu, signal);
  store.on("color", fillKey, signal);
  store.on("dark", fillKey, signal);
  store.on("isolated", () => markIsolated(key, store.get("isolated")), signal);
  fillMenu();
  fillKey();
  return panel;
}

/** The menu of layouts, where there is more than one. */
function openLayoutMenu(store: ScopeStore, signal: AbortSignal): HTMLElement {
  const menu = element("select", { class: "es-select", "aria-label": "Layout" });
  const label = element("label", { class: "es-colorby es-layout" }, element("span", {}, "Layout"), menu);
  menu.addEventListener("change", () => store.set("layoutBy", menu.value), { signal });
  const fill = (): void => {
    const choices = store.get("layoutChoices");
    menu.replaceChildren(...choices.map(optionOf));
    menu.value = store.get("layoutBy");
    label.hidden = choices.length < 2;
  };
  store.on("layoutChoices", fill, signal);
  store.on("layoutBy", fill, signal);
  fill();
  return label;
}

function optionOf({ key, title }: ColorChoice | LayoutChoice): HTMLOptionElement {
  return element("option", { value: key }, title);
}

function keyOf(color: Color, store: ScopeStore): HTMLElement {
  if (color.kind === "category") return categoryKey(color, store);
  if (color.kind === "number") return numberKey(color);
  return element("p", { class: "es-hint" }, "Choose what the colours show.");
}

function categoryKey(color: CategoryColor, store: ScopeStore): HTMLElement {
  const list = element("ul", { class: "es-categories" });
  color.names.slice(0, MOST_ROWS).forEach((name, code) => {
    list.append(element("li", {}, categoryButton(color, name, code, store)));
  });
  if (color.names.length > MOST_ROWS) {
    list.append(element("li", { class: "es-hint" }, `and ${count(color.names.length - MOST_ROWS)} more`));
  }
  const all = element("button", { type: "button", class: "es-link es-show-all" }, "Show all");
  all.addEventListener("click", () => store.set("isolated", NO_CODES));
  const hint = element("p", { class: "es-hint" }, "Click to isolate, shift-click to add");
  const key = element(
    "div",
    { class: "es-category-key" },
    list,
    element("div", { class: "es-key-foot" }, hint, all),
  );
  markIsolated(key, store.get("isolated"));
  return key;
}

function categoryButton(
  color: CategoryColor,
  name: string,
  code: number,
  store: ScopeStore,
): HTMLButtonElement {
  const short = name.slice(0, 200);
  const dot = element("span", { class: "es-swatch", "aria-hidden": "true" });
  dot.style.background = swatch(color.colors[code] ?? "#888888", store.get("dark"));
  const button = element(
    "button",
    {
      type: "button",
      class: "es-category",
      title: short,
      "data-code": String(code),
      "aria-pressed": "false",
    },
    dot,
    element("bdi", { class: "es-category-name" }, name === "" ? "(empty)" : short),
    element("span", { class: "es-count" }, count(color.counts[code] ?? 0)),
  );
  button.addEventListener("click", (event) => {
    const add = event.shiftKey || event.metaKey || event.ctrlKey;
    store.set("isolated", toggled(store.get("isolated"), code, add));
  });
  return button;
}

/** Isolate a code, or with `add` put it beside the others; once more takes it back. */
export function toggled(isolated: ReadonlySet<number>, code: number, add: boolean): ReadonlySet<number> {
  const alone = isolated.size === 1 && isolated.has(code);
  if (!add) return alone ? NO_CODES : new Set([code]);
  const next = new Set(isolated);
  if (!next.delete(code)) next.add(code);
  return next;
}

function markIsolated(key: HTMLElement, isolated: ReadonlySet<number>): void {
  key.classList.toggle("es-isolating", isolated.size > 0);
  for (const button of key.querySelectorAll<HTMLButtonElement>(".es-category")) {
    button.setAttribute("aria-pressed", String(isolated.has(Number(button.dataset.code))));
  }
}

function numberKey(color: NumberColor): HTMLElement {
  const [low, high] = color.rangeLabels;
  const label = `${color.title}, from ${low} to ${high}`;
  const ramp = element("div", { class: "es-ramp", role: "img", "aria-label": label });
  ramp.style.background = `linear-gradient(to right, ${color.ramp.join(", ")})`;
  const ends = element("div", { class: "es-ends" }, element("span", {}, low), element("span", {}, high));
  const key = element("div", { class: "es-number-key" }, ramp, ends);
  const missing = color.values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
  if (missing > 0)
    key.append(element("p", { class: "es-hint" }, `${count(missing)} without a value, in grey`));
  return key;
}
