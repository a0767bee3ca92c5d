/** The person wants no motion. */
export function stillWanted(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
