import { count } from "../../format";
import { cut } from "../../marked";
import type { RunState, Training } from "../../model";

const MINUTE = 60;
const HOUR = 3600;
const MOST_STAGE = 80;

/** What a person can tell a run. */
export type Command = "pause" | "resume" | "stop";

const STATES: Record<RunState, string> = {
  running: "Running",
  paused: "Paused",
  stopped: "Stopped",
  done: "Done",
  failed: "Failed",
  dead: "Its process is gone",
};

/** How a run stands, in a word or two. */
export function stateWords(training: Training): string {
  const { state, want } = training;
  if (!state) return "There is no run";
  const works = state === "running" || state === "paused";
  if (works && want === "stop") return "Stopping…";
  if (state === "running" && want === "pause") return "Pausing…";
  if (state === "paused" && want === "run") return "Going on…";
  if (state === "running" && training.progress) return "Preparing";
  if (state === "running" && !hasBegun(training)) return "Starting";
  return STATES[state];
}

/** Whether there is something to draw curves of. */
export function hasBegun({ loss, validation }: Training): boolean {
  return (loss?.steps.length ?? 0) + (validation?.steps.length ?? 0) > 0;
}

/** How far it is, how fast it goes and how long it still takes, or what comes next. */
export function detailWords(training: Training): string {
  const { state, rate, remaining_s } = training;
  const parts = [farWords(training)];
  if (state === "running") {
    if (typeof rate === "number") parts.push(rateWords(rate));
    if (typeof remaining_s === "number") parts.push(`${durationWords(remaining_s)} left`);
  }
  parts.push(preparingWords(training), nextWords(training));
  return parts.filter((part) => part !== "").join(" · ");
}

function farWords({ step = 0, total, progress }: Training): string {
  if (progress && step === 0) return "";
  return total ? `step ${count(step)} of ${count(total)}` : `step ${count(step)}`;
}

/** What a run that goes on does before its next step: its curves stand where that is said else. */
function preparingWords(training: Training): string {
  const { progress } = training;
  if (!progress || !hasBegun(training)) return "";
  const { stage, done, total, unit } = progress;
  const far = total === null ? count(done) : `${count(done)} of ${count(total)}`;
  return `${cut(stage, MOST_STAGE)}: ${far} ${unit}s`;
}

function nextWords({ state, want, checkpoint = 0, has_model }: Training): string {
  if (want === "stop" && (state === "running" || state === "paused")) {
    return "after this step, with a checkpoint to go on from";
  }
  if (state === "running" && want === "pause") return "after this step";
  if (state === "paused") return "it keeps its memory and waits";
  if (state === "stopped" || state === "failed" || state === "dead") {
    return checkpoint > 0 ? `Resume goes on from step ${count(checkpoint)}` : "Resume begins it again";
  }
  return state === "done" && has_model ? "run.model is the encoder" : "";
}

/** The best validation so far; empty: there was none. */
export function bestWords({ best }: Training): string {
  if (!best) return "";
  return best.recall === null
    ? `Best at step ${count(best.step)}`
    : `Best Recall@1 ${best.recall.toFixed(3)} at step ${count(best.step)}`;
}

/** What can be told to a run as it stands. */
export function commandsOf({ state, want }: Training): Command[] {
  if (want === "stop" && (state === "running" || state === "paused")) return [];
  if (state === "running") return want === "pause" ? ["resume", "stop"] : ["pause", "stop"];
  if (state === "paused") return ["resume", "stop"];
  return state === "stopped" || state === "failed" || state === "dead" ? ["resume"] : [];
}

/** Why there is no map yet. */
export function noMapWords(training: Training): string {
  const { domains = [], maps, state } = training;
  if (maps?.problem) return maps.problem;
  if ((maps?.waiting ?? 0) > 0) return "Making the first map…";
  const known = domains.length > 0 && domains.some(({ train }) => train !== null);
  if (known && domains.every(({ validation }) => validation === null)) {
    return "Nothing is held out: the map is of held-out items, and this run has none.";
  }
  const works = state === "running" || state === "paused";
  return works
    ? "The map comes with the first validation, before the first step."
    : "This run has left no vectors to map.";
}

/** What the map shows. */
export function mapWords(n: number, { maps }: Training): string {
  if (!maps || maps.shown === null) return "";
  const trust = maps.trust === null ? "" : `, trustworthiness ${maps.trust.toFixed(2)}`;
  const more = maps.waiting > 0 ? ` · ${count(maps.waiting)} more to come` : "";
  const problem = maps.problem === "" ? "" : ` · ${maps.problem}`;
  return `UMAP of ${count(n)} held-out items${trust} · the same turn and scale at every step${more}${problem}`;
}

function rateWords(rate: number): string {
  if (rate > 0 && rate < 0.5) return `${durationWords(1 / rate)} a step`;
  return `${rate < 10 ? Number(rate.toFixed(1)) : count(Math.round(rate))} steps/s`;
}

/** A duration in two units at most: "4 s", "1 min 11 s", "1 h 2 min". */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${whole % MINUTE} s`;
  return `${count(Math.floor(whole / HOUR))} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
}
