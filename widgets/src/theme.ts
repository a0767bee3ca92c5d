import type { ThemeChoice } from "./model";

export interface Theme {
  dark: boolean;
  /** The host's own colours are in force; otherwise the widget brings its own. */
  host: "jupyter" | "vscode" | "none";
}

const WATCHED = ["class", "theme", "data-theme", "data-jp-theme-light"];

/** The theme to draw in: the person's choice, else the page's, else the system's. */
export function currentTheme(choice: ThemeChoice, page: Document = document): Theme {
  const { body, documentElement } = page;
  const host = hostOf(body);
  const page_dark = pageIsDark(body, documentElement);
  if (choice === "auto") return { dark: page_dark, host };
  const dark = choice === "dark";
  return { dark, host: dark === page_dark ? host : "none" };
}

/** Call back whenever the page or the system changes its theme, until the signal aborts. */
export function watchTheme(changed: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(changed);
  for (const node of [document.body, document.documentElement]) {
    observer.observe(node, { attributes: true, attributeFilter: WATCHED });
  }
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed, { signal });
}

function hostOf(body: HTMLElement): Theme["host"] {
  if (body.dataset.jpThemeLight !== undefined) return "jupyter";
  return /\bvscode-/.test(body.className) ? "vscode" : "none";
}

function pageIsDark(body: HTMLElement, root: HTMLElement): boolean {
  if (body.dataset.jpThemeLight !== undefined) return body.dataset.jpThemeLight === "false";
  if (/\bvscode-(dark|high-contrast)(?!-light)\b/.test(body.className)) return true;
  if (/\bvscode-/.test(body.className)) return false;
  const named = root.getAttribute("theme") ?? root.dataset.theme ?? body.dataset.theme;
  if (named === "dark" || named === "light") return named === "dark";
  if (root.classList.contains("dark") || body.classList.contains("dark")) return true;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
