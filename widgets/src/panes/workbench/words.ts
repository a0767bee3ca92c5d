import { count } from "../../format";
import type { Job } from "../../model";

const MINUTE = 60;
const HOUR = 3600;

/** How far a run is: "1,200 of 3,000 texts · 48/s · 37 s left"; empty where its stage counts nothing. */
export function progressWords({ done = 0, total = null, unit = "", rate, remaining_s }: Job): string {
  if (unit === "") return "";
  const far = total === null ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`;
  const parts = [far];
  if (typeof rate === "number") parts.push(`${rateWords(rate)}/s`);
  if (typeof remaining_s === "number") parts.push(`${durationWords(remaining_s)} left`);
  return parts.join(" · ");
}

function rateWords(rate: number): string {
  return rate < 10 ? String(Number(rate.toFixed(1))) : count(Math.round(rate));
}

/** A duration as coarse as it is long: seconds, minutes, hours with minutes. */
export function durationWords(seconds: number): string {
  if (seconds < 1) return "less than 1 s";
  if (seconds < 1.5 * MINUTE) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / MINUTE);
  if (seconds < HOUR) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How full the bar is, from 0 to 1; null: nobody knows. */
export function share({ done = 0, total = null }: Job): number | null {
  return total === null || total <= 0 ? null : Math.min(1, done / total);
}
