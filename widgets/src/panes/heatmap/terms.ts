import { wordsOf } from "../../complaint";
import { element } from "../../dom";
import { cut } from "../../marked";
import type { Pictures } from "../../pictures";
import type { AnchorTerms, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { ask } from "../../walk";
import { blankBrief, briefOf } from "./brief";
import { column, nats, short } from "./nats";

/** What anchors of one list share. */
export interface AnchorContext {
  store: ScopeStore;
  source: Source;
  pictures: Pictures;
  /** Aborts when another cell is opened. */
  signal: AbortSignal;
}

type At = Parameters<Source["anchor"]>[0];

/** The items that one anchor's divergence comes from: p, q and p log(p/q), lost or gained. */
export class Terms {
  readonly host = element("div", { class: "es-heat-terms", hidden: "" });
  #words = element("p", { class: "es-hint", role: "status" });
  #list = element("ul", { class: "es-heat-term-list", "aria-label": "Items around this anchor" });
  #asked = false;

  constructor(
    private readonly at: At,
    private readonly context: AnchorContext,
  ) {
    this.host.append(this.#words, this.#list);
  }

  /** Ask once; again where it failed. */
  fetch(): void {
    if (!this.#asked) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asked = true;
    this.#words.textContent = "Looking at its neighbourhoods…";
    try {
      const terms = await this.context.source.anchor(this.at, this.context.signal);
      if (!this.context.signal.aborted) await this.#show(terms);
    } catch (error) {
      if (this.context.signal.aborted) return;
      this.#asked = false;
      this.#words.textContent = cut(wordsOf(error), 320);
    }
  }

  async #show(terms: AnchorTerms): Promise<void> {
    const { rows, kl } = terms;
    this.#words.textContent =
      rows.length === 0
        ? "Nothing around it lies in this group."
        : `Of its KL of ${nats(kl)} nats: the item’s probability for the teacher → for the student, and what that adds.`;
    const bodies = rows.map((row) => blankBrief(this.context.store, row));
    this.#list.replaceChildren(...rows.map((row, i) => this.#term(row, i, terms, bodies[i] as HTMLElement)));
    if (rows.length === 0) return;
    const payloads = await this.context.source.payload(rows, this.context.signal);
    if (this.context.signal.aborted) return;
    for (const payload of payloads)
      bodies[rows.indexOf(payload.row)]?.replaceWith(
        briefOf(this.context.store, payload, this.context.pictures),
      );
  }

  #term(row: number, i: number, terms: AnchorTerms, body: HTMLElement): HTMLElement {
    const value = terms.contributions[i] ?? 0;
    const gained = value < 0;
    const sign = element("span", { class: "es-heat-glyph", "aria-hidden": "true" }, gained ? "▲" : "▼");
    const fate = element(
      "span",
      { class: `es-heat-fate ${gained ? "es-heat-gained" : "es-heat-lost"}` },
      sign,
      gained ? "gained" : "lost",
    );
    const numbers = element(
      "span",
      { class: "es-heat-figures" },
      fate,
      element("span", {}, `${short(terms.teacher[i] ?? 0)} → ${short(terms.student[i] ?? 0)}`),
      element("span", { class: "es-heat-nats" }, column(value)),
    );
    const walk = element("button", { type: "button", class: "es-heat-walk", tabindex: "-1" }, body, numbers);
    walk.addEventListener("click", () => ask(this.context.store, { kind: "item", row }), {
      signal: this.context.signal,
    });
    const item = element("li", { class: "es-heat-term" }, walk);
    item.dataset.row = String(row);
    return item;
  }
}
