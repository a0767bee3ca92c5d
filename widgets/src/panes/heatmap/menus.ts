import { element } from "../../dom";
import { cut } from "../../marked";
import type { HeatmapLayer } from "../../source/source";
import type { ScopeStore } from "../../state";
import { LAYERS } from "./layers";
import type { Order } from "./order";

const MOST_TITLE = 48;

const ORDERS: { key: Order; title: string }[] = [
  { key: "similarity", title: "Order: similarity" },
  { key: "mean", title: "Order: mean KL" },
  { key: "name", title: "Order: name" },
];

interface Choice {
  key: string;
  title: string;
}

/** The menus of the heatmap: layer, groups, bandwidth, order. */
export class Menus {
  readonly host = element("div", { class: "es-heat-menus" });
  layer: HeatmapLayer = "contribution";
  order: Order = "similarity";
  #layer = menu("Layer", LAYERS);
  #groups = menu("Group by", []);
  #bandwidth = menu("Bandwidth", []);
  #order = menu("Order of the groups", ORDERS);

  constructor(
    private readonly store: ScopeStore,
    changed: { layer(): void; order(): void },
    signal: AbortSignal,
  ) {
    this.host.append(this.#layer, this.#groups, this.#bandwidth, this.#order);
    const follow = (select: HTMLSelectElement, act: (key: string) => void): void =>
      select.addEventListener("change", () => act(select.value), { signal });
    follow(this.#layer, (key) => {
      this.layer = key as HeatmapLayer;
      changed.layer();
    });
    follow(this.#order, (key) => {
      this.order = key as Order;
      changed.order();
    });
    follow(this.#groups, (key) => store.set("groupBy", key));
    follow(this.#bandwidth, (key) => store.set("bandwidth", key));
    for (const key of ["comparison", "groupBy", "bandwidth"] as const)
      store.on(key, () => this.#fill(), signal);
    this.#fill();
    this.secondPass(false);
  }

  /** Whether the Jensen–Shannon layer is there, or takes a second pass first. */
  secondPass(made: boolean): void {
    const option = [...this.#layer.options].find(({ value }) => value === "js");
    const title = LAYERS.find(({ key }) => key === "js")?.title ?? "";
    if (option) option.text = made ? title : `${title} (needs a second pass)`;
  }

  #fill(): void {
    const { groups = [], bandwidths = [] } = this.store.get("comparison");
    const titled = groups.map(({ key, title }) => ({ key, title: `Groups: ${cut(title, MOST_TITLE)}` }));
    refill(this.#groups, titled, this.store.get("groupBy"));
    refill(this.#bandwidth, bandwidths, this.store.get("bandwidth"));
    // Layers and orders are of no use where there is one group.
    for (const menu of [this.#layer, this.#order]) menu.hidden = groups.length === 0;
  }
}

function menu(label: string, choices: Choice[]): HTMLSelectElement {
  const made = element("select", { class: "es-select es-heat-menu", "aria-label": label, title: label });
  refill(made, choices, choices[0]?.key ?? "");
  return made;
}

function refill(select: HTMLSelectElement, choices: Choice[], chosen: string): void {
  const options = choices.map(({ key, title }) =>
    element("option", { value: key, dir: "auto" }, cut(title, MOST_TITLE + 12)),
  );
  select.replaceChildren(...options);
  select.value = chosen;
  select.hidden = choices.length === 0;
}
