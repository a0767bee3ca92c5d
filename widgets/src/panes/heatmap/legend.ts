import { element } from "../../dom";
import { short } from "./nats";
import type { Ramp } from "./ramp";
import { type Scale, ticksOf } from "./scale";

const STOPS = 24;

/** The colours with their numbers. */
export class Legend {
  readonly host = element("div", { class: "es-heat-legend", role: "img" });
  #scale = element("span", { class: "es-heat-scale" });
  #bar = element("span", { class: "es-heat-bar", "aria-hidden": "true" });
  #ticks = element("span", { class: "es-heat-ticks" });

  constructor() {
    this.host.title =
      "Colours go by the square root of the value, so that small cells show beside large ones; both ends are as far from 0.";
    this.host.append(element("span", { class: "es-heat-unit" }, "nats"), this.#scale);
    this.#scale.append(this.#bar, this.#ticks);
  }

  show(scale: Scale, ramp: Ramp): void {
    // A layer that is never under 0 has no use for the colours that are.
    const from = scale.negative ? -1 : 0;
    const stops = Array.from({ length: STOPS + 1 }, (_, i) => ramp.css(from + ((1 - from) * i) / STOPS));
    this.#bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    const ticks = ticksOf(scale).filter(({ place }) => place >= from);
    this.#ticks.replaceChildren(
      ...ticks.map(({ place, value }) => {
        const tick = element("span", {}, tickWords(place, value, scale));
        const share = (place - from) / (1 - from);
        tick.style.left = `${100 * share}%`;
        // The numbers at the ends end where the colours do.
        if (share === 0 || share === 1) tick.style.transform = `translateX(${-100 * share}%)`;
        return tick;
      }),
    );
    this.host.setAttribute(
      "aria-label",
      `Colours from ${ticks.map(({ place, value }) => tickWords(place, value, scale)).join(", ")} nats`,
    );
  }
}

function tickWords(place: number, value: number, { beyond }: Scale): string {
  if (place === -1 && beyond.under) return `≤ ${short(value)}`;
  return place === 1 && beyond.over ? `≥ ${short(value)}` : short(value);
}
