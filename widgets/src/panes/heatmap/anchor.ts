import { wordsOf } from "../../complaint";
import { element, icon } from "../../dom";
import { cut } from "../../marked";
import type { Payload } from "../../source/source";
import { ask } from "../../walk";
import { blankBrief, briefOf } from "./brief";
import { nats } from "./nats";
import { type AnchorContext, Terms } from "./terms";

/** Which cell, of which heatmap. */
export interface CellAt {
  by: string;
  bandwidth: string;
  row: number;
  column: number;
}

/** One of a cell's worst anchors. */
export interface AnchorPlace {
  row: number;
  contribution: number;
  /** Of the largest contribution in the list: what bars are relative to. */
  most: number;
}

let made = 0;

/** An anchor: what it is, what it contributes, and, opened, the items that this comes from. */
export class Anchor {
  readonly host = element("li", { class: "es-heat-anchor" });
  readonly walk = element("button", { type: "button", class: "es-heat-walk", tabindex: "-1" });
  #toggle = element(
    "button",
    { type: "button", class: "es-tool es-heat-toggle", tabindex: "-1" },
    icon("chevron"),
  );
  #body: HTMLElement;
  #terms: Terms;

  constructor(
    readonly place: AnchorPlace,
    at: CellAt,
    private readonly context: AnchorContext,
  ) {
    const { store, signal } = context;
    this.host.dataset.row = String(place.row);
    this.#body = blankBrief(store, place.row);
    this.walk.append(this.#body, this.#weight());
    const { by, bandwidth, column: group } = at;
    this.#terms = new Terms({ by, bandwidth, row: place.row, group }, context);
    this.#terms.host.id = `es-heat-terms-${++made}`;
    this.#toggle.setAttribute("aria-controls", this.#terms.host.id);
    this.host.append(this.walk, this.#toggle, this.#terms.host);
    this.walk.addEventListener("click", () => ask(store, { kind: "item", row: place.row }), { signal });
    this.#toggle.addEventListener("click", () => this.expand(!this.expanded), { signal });
    this.expand(false);
  }

  get expanded(): boolean {
    return !this.#terms.host.hidden;
  }

  expand(expanded: boolean): void {
    const label = expanded ? "Hide the items that this comes from" : "Show the items that this comes from";
    this.#toggle.setAttribute("aria-expanded", String(expanded));
    this.#toggle.setAttribute("aria-label", label);
    this.#toggle.title = label;
    this.#terms.host.hidden = !expanded;
    if (expanded) this.#terms.fetch();
  }

  fill(payload: Payload | undefined): void {
    if (!payload) return;
    const next = briefOf(this.context.store, payload, this.context.pictures);
    this.#body.replaceWith(next);
    this.#body = next;
    this.walk.title = cut(payload.title || payload.id, 160);
  }

  fail(error: unknown): void {
    this.#body.replaceChildren(element("span", { class: "es-heat-said" }, cut(wordsOf(error), 160)));
  }

  #weight(): HTMLElement {
    const { contribution, most } = this.place;
    const fill = element("span", { class: contribution < 0 ? "es-heat-under" : "es-heat-over" });
    fill.style.width = `${most > 0 ? (100 * Math.abs(contribution)) / most : 0}%`;
    return element(
      "span",
      { class: "es-heat-weight" },
      element("span", { class: "es-heat-track", "aria-hidden": "true" }, fill),
      element("span", { class: "es-heat-nats" }, `${nats(contribution)} nats`),
    );
  }
}
