const THREE = new Intl.NumberFormat("en-US", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const TWO = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });

/** A value with three significant digits; two where it is very small. */
export function nats(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-5 || size >= 1e6) return minus(value.toExponential(1));
  return minus((size < 1e-3 ? TWO : THREE).format(value));
}

/** A value with three decimals, as columns of numbers want it. */
export function column(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return nats(value);
  return minus(value.toFixed(3)).replace(/^−(0\.000)$/, "$1");
}

/** A value in the least room: two significant digits. */
export function short(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-5 || size >= 1e6)
    ? minus(value.toExponential(0))
    : minus(TWO.format(value));
}

function minus(words: string): string {
  return words.replaceAll("-", "−");
}
