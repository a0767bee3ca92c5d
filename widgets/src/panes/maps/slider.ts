import { element, icon, iconButton } from "../../dom";
import { cut } from "../../marked";
import type { ScopeStore } from "../../state";
import { Play } from "./play";

const MOST_NAME = 60;
const STEP = 0.05;

/** What the two spaces are called, short enough to be shown. */
export function namesOf(store: ScopeStore): [string, string] {
  const [teacher = "", student = ""] = store.get("comparison").names ?? [];
  return [cut(teacher, MOST_NAME) || "Teacher", cut(student, MOST_NAME) || "Student"];
}

/** The slider from the teacher's map to the student's, its two ends, and a button that runs it. */
export function openSlider(store: ScopeStore, signal: AbortSignal): { host: HTMLElement; stop(): void } {
  const range = element("input", { type: "range", class: "es-range", min: "0", max: "1", step: "0.001" });
  const run = iconButton("play", "", () => play.toggle());
  const play = new Play(store, (plays) => showPlay(run, plays), signal);
  const endOf = (share: number): HTMLButtonElement => {
    const end = element("button", { type: "button", class: "es-end", dir: "auto" });
    end.addEventListener("click", () => play.goTo(share), { signal });
    return end;
  };
  const [first, last] = [endOf(0), endOf(1)];
  const ends = [first, last];
  const move = (share: number): void => {
    play.stop();
    store.set("morph", Math.min(1, Math.max(0, share)));
  };
  range.addEventListener("input", () => move(range.valueAsNumber), { signal });
  const press = (event: KeyboardEvent): void => {
    const share = shareFor(event.key, store.get("morph"));
    if (share === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(share);
  };
  range.addEventListener("keydown", press, { signal });
  const fill = (): void => fillEnds(store, range, ends);
  const follow = (): void => showShare(store, range, ends);
  store.on("comparison", fill, signal);
  store.on("morph", follow, signal);
  showPlay(run, false);
  fill();
  const host = element("div", { class: "es-morph" }, run, first, range, last);
  return { host, stop: () => play.stop() };
}

/** Where a key takes the slider; undefined for keys that are not its. */
export function shareFor(key: string, now: number): number | undefined {
  // Rounded, so that twenty steps are the whole way.
  const by = (step: number): number => Math.round((now + step) * 1000) / 1000;
  if (key === "ArrowRight" || key === "ArrowUp") return by(STEP);
  if (key === "ArrowLeft" || key === "ArrowDown") return by(-STEP);
  if (key === "Home") return 0;
  return key === "End" ? 1 : undefined;
}

function fillEnds(store: ScopeStore, range: HTMLInputElement, ends: readonly HTMLElement[]): void {
  const names = namesOf(store);
  const roles = ["teacher", "student"];
  for (const [i, end] of ends.entries()) {
    end.textContent = names[i] ?? "";
    end.title = `Show the ${roles[i]}'s map: ${names[i]}`;
  }
  range.setAttribute("aria-label", `From the map of ${names[0]} to the map of ${names[1]}`);
  showShare(store, range, ends);
}

function showShare(store: ScopeStore, range: HTMLInputElement, ends: readonly HTMLElement[]): void {
  const share = store.get("morph");
  const [teacher, student] = namesOf(store);
  if (range.valueAsNumber !== share) range.value = String(share);
  range.style.setProperty("--es-share", String(share));
  const between = `${Math.round(100 * share)} % of the way to ${student}`;
  range.setAttribute("aria-valuetext", share <= 0 ? teacher : share >= 1 ? student : between);
  for (const [i, end] of ends.entries()) end.setAttribute("aria-pressed", String(share === i));
}

function showPlay(run: HTMLButtonElement, plays: boolean): void {
  const words = plays ? "Stop here" : "Run there and back";
  run.replaceChildren(icon(plays ? "stop" : "play"));
  run.setAttribute("aria-label", words);
  run.title = words;
}
