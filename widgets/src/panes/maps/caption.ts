import { element } from "../../dom";
import type { Overlay } from "../map/options";

/** Whose map it is, in a corner of it. */
export class Caption implements Overlay {
  readonly host = element("p", { class: "es-caption", hidden: "" });
  readonly words = this.host;

  say(role: string, name: string): void {
    this.host.replaceChildren(element("span", {}, role), element("bdi", {}, name));
    this.host.title = name;
  }

  show(shown: boolean): void {
    this.host.hidden = !shown;
  }

  /** It stays in its corner, wherever one looks. */
  follow(): void {}
}
