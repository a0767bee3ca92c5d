import { element } from "../../dom";
import type { Distributions, PairBin, PairKind, Side } from "../../source/source";
import { kindTitle, pairsOf, SELECTED } from "./choices";
import { panelHeights } from "./frame";
import type { Chosen } from "./head";
import { Histogram } from "./histogram";
import { JointPlot } from "./joint";
import { countAt, jointOf } from "./joint_bins";
import { jointLegend, sample, sideLegend } from "./legend";
import { SIDES } from "./shapes";
import { countAndShare, kindFigures, rangeOf } from "./words";

const MOST_PANELS = 2;
const CAPTION = 20;

/** What the plots show. */
export interface Shown {
  data: Distributions;
  kinds: PairKind[];
  chosen: Chosen;
  names: Record<Side, string>;
  /** How many items the kind "selected" is of. */
  items: number;
}

/** The panels, their legend, and the line that says what is under the pointer. */
export class Plots {
  readonly host = element("div", { class: "es-dist-plots" });
  /** Stands over the whole pane, where it has room. */
  readonly legend = element("div", { class: "es-dist-legend" });
  #room = element("div", { class: "es-dist-room" });
  #none = element("p", { class: "es-hint es-dist-none" });
  #tip = element("p", { class: "es-dist-tip" });
  #panels: Histogram[];
  #joint: JointPlot;
  #shown: Shown | null = null;
  #bin: PairBin | null = null;

  constructor(
    private readonly open: (bin: PairBin) => void,
    signal: AbortSignal,
  ) {
    const events = {
      point: (kind: PairKind, at: { bin: number; side: Side | null } | null) =>
        this.#tell(kind, at && { teacher: at.bin, student: at.bin }, at?.side ?? null),
      open: ({ kind }: PairKind, { bin, side }: { bin: number; side: Side }) =>
        this.#open({
          kind,
          teacher: side === "teacher" ? bin : null,
          student: side === "student" ? bin : null,
        }),
    };
    this.#panels = Array.from({ length: MOST_PANELS }, () => new Histogram(events, signal));
    this.#joint = new JointPlot(
      {
        point: (kind, cell) => this.#tellCell(kind, cell),
        open: ({ kind }, cell) => this.#open({ kind, ...cell }),
      },
      signal,
    );
    this.#room.append(...this.#panels.map(({ host }) => host), this.#joint.host, this.#none);
    this.host.append(this.#room, this.#tip);
    // Drawing may change the legend's height: not within the observer's own turn.
    let frame = 0;
    const sized = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => this.draw());
    });
    sized.observe(this.#room);
    const stop = (): void => {
      cancelAnimationFrame(frame);
      sized.disconnect();
    };
    signal.addEventListener("abort", stop, { once: true });
  }

  show(shown: Shown | null): void {
    this.#shown = shown;
    this.draw();
  }

  /** Draw at the present size and in the present colours. */
  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#room;
    const shown = this.#shown;
    this.host.hidden = shown === null;
    this.legend.hidden = shown === null;
    if (!shown || width === 0 || height === 0) return;
    const joint = shown.chosen.view === "joint";
    this.#none.textContent = "";
    this.#joint.host.hidden = !joint;
    this.#tip.setAttribute("aria-live", joint ? "polite" : "off");
    const panels = joint ? 0 : shown.kinds.filter((kind) => pairsOf(kind) > 0).length;
    // Those that stay are drawn over: a focus on one of their bins stays too.
    for (const panel of this.#panels.slice(panels)) panel.hide();
    if (joint) this.#drawJoint(shown, width, height);
    else this.#drawPanels(shown, width, height);
    this.#none.hidden = this.#none.textContent === "";
    this.mark(this.#bin);
    this.#tell(null, null, null);
  }

  /** The bin whose pairs are shown. */
  mark(bin: PairBin | null): void {
    this.#bin = bin;
    for (const panel of this.#panels) panel.mark(bin);
    const cell =
      bin && bin.teacher !== null && bin.student !== null
        ? { teacher: bin.teacher, student: bin.student }
        : null;
    this.#joint.mark(bin?.kind ?? "", cell);
  }

  /** Back to the bin that was open. */
  focus(bin: PairBin): void {
    if (this.#shown?.chosen.view === "joint") {
      this.#joint.focus();
      return;
    }
    const at = this.#shown?.kinds.findIndex(({ kind }) => kind === bin.kind) ?? -1;
    this.#panels[Math.max(0, at)]?.focus();
  }

  #open(bin: Omit<PairBin, "by">): void {
    if (this.#shown) this.open({ by: this.#shown.data.by, ...bin });
  }

  #drawPanels({ data, kinds, chosen, names, items }: Shown, width: number, height: number): void {
    const drawn = kinds.filter((kind) => pairsOf(kind) > 0).slice(0, MOST_PANELS);
    const alone = drawn.length === 1 && kinds.length === 1;
    const heights = panelHeights(height, Math.max(1, drawn.length), alone ? 0 : CAPTION);
    const selected = data.kinds.find((kind) => kind.kind === SELECTED && pairsOf(kind) > 0) ?? null;
    drawn.forEach((kind, i) => {
      const panel = this.#panels[i];
      if (!panel) return;
      panel.host.hidden = false;
      const facts = {
        kind,
        title: kindTitle(kind.kind, items),
        caption: alone ? "" : captionOf(kind, data.unit),
        edges: data.edges,
        unit: data.unit,
        names,
        counts: chosen.counts,
        selected: kind.kind === SELECTED ? null : selected,
        axis: i === drawn.length - 1,
      };
      panel.draw(facts, width, heights[i] ?? height);
    });
    const thin = selected && kinds.every(({ kind }) => kind !== SELECTED) ? kindTitle(SELECTED, items) : "";
    this.legend.replaceChildren(...sideLegend(names, alone ? (drawn[0] ?? null) : null, thin));
    this.#none.textContent = missing(kinds, items);
  }

  #drawJoint({ data, kinds, names, items }: Shown, width: number, height: number): void {
    const [kind] = kinds;
    if (!kind) return;
    const facts = { kind, title: kindTitle(kind.kind, items), edges: data.edges, unit: data.unit, names };
    const drawn = pairsOf(kind) > 0 && this.#joint.draw(facts, width, height);
    this.#joint.host.hidden = !drawn;
    this.legend.replaceChildren(...(drawn ? jointLegend(this.#joint.most) : []));
    if (!drawn)
      this.#none.textContent = missing(kinds, items) || "The joint histogram of these pairs was not counted.";
  }

  /** A bin's two counts and shares. */
  #tell(kind: PairKind | null, at: { teacher: number; student: number } | null, side: Side | null): void {
    const shown = this.#shown;
    if (!kind || !at || !shown) {
      this.#tip.replaceChildren("\u00a0");
      return;
    }
    const all = pairsOf(kind);
    const parts = SIDES.map((each) => {
      const part = this.#part(shown, each, countAndShare(kind[each][at[each]] ?? 0, all));
      part.classList.toggle("es-meant", each === side);
      return part;
    });
    this.#tip.replaceChildren(element("span", {}, rangeOf(shown.data.edges, at.teacher)), ...parts);
  }

  /** What is said of one side, after its kind of line. */
  #part({ names }: Shown, side: Side, words: string): HTMLElement {
    const name = element("bdi", { class: "es-dist-unseen" }, `${names[side]} `);
    return element("span", { class: "es-dist-entry" }, sample(side), name, words);
  }

  #tellCell(kind: PairKind, cell: { teacher: number; student: number } | null): void {
    const shown = this.#shown;
    const joint = jointOf(kind.joint, kind.teacher.length);
    if (!cell || !shown || !joint) {
      this.#tell(null, null, null);
      return;
    }
    const { edges } = shown.data;
    const parts = SIDES.map((side) => this.#part(shown, side, rangeOf(edges, cell[side])));
    const pairs = element(
      "span",
      { class: "es-meant" },
      `${countAndShare(countAt(joint, cell), pairsOf(kind))} pairs`,
    );
    this.#tip.replaceChildren(...parts, pairs);
  }
}

function captionOf(kind: PairKind, unit: string): string {
  return kindFigures(kind, unit)
    .map(({ name, value }) => `${name} ${value}`)
    .join(" · ");
}

/** What is said of kinds without pairs; empty: all have some. */
function missing(kinds: readonly PairKind[], items: number): string {
  const empty = kinds.filter((kind) => pairsOf(kind) === 0);
  return empty.map(({ kind }) => `${kindTitle(kind, items)}: there are no such pairs.`).join(" ");
}
