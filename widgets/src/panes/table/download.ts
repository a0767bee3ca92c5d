import { element } from "../../dom";

const KEPT_MS = 10_000;

/** Hand a file to the browser to save. */
export function download(file: Blob, name: string, signal: AbortSignal): void {
  const url = URL.createObjectURL(file);
  const link = element("a", { href: url, download: fileName(name) });
  link.click();
  // The browser reads it after the click.
  const release = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", release);
    URL.revokeObjectURL(url);
  };
  const timer = setTimeout(release, KEPT_MS);
  signal.addEventListener("abort", release, { once: true });
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const plain = name.normalize("NFKC").replace(/[^\p{L}\p{N}._-]+/gu, "-");
  return plain.replace(/^[-.]+/, "").slice(-100) || "selection";
}
