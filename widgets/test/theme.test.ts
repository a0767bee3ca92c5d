import { afterEach, expect, test, vi } from "vitest";
import { currentTheme, watchTheme } from "../src/theme";

afterEach(() => {
  document.body.className = "";
  delete document.body.dataset.jpThemeLight;
  document.documentElement.removeAttribute("theme");
  document.documentElement.className = "";
});

test("JupyterLab's theme is followed, and its colours are used", () => {
  document.body.dataset.jpThemeLight = "false";
  expect(currentTheme("auto")).toEqual({ dark: true, host: "jupyter" });
  document.body.dataset.jpThemeLight = "true";
  expect(currentTheme("auto")).toEqual({ dark: false, host: "jupyter" });
});

test.each([
  ["vscode-dark", true],
  ["vscode-high-contrast", true],
  ["vscode-high-contrast-light", false],
  ["vscode-light", false],
])("VS Code's %s", (name, dark) => {
  document.body.className = name;
  expect(currentTheme("auto")).toEqual({ dark, host: "vscode" });
});

test("Colab's and marimo's dark pages", () => {
  document.documentElement.setAttribute("theme", "dark");
  expect(currentTheme("auto").dark).toBe(true);
  document.documentElement.removeAttribute("theme");
  document.documentElement.className = "dark";
  expect(currentTheme("auto").dark).toBe(true);
});

test("a chosen theme wins, and does without the host's colours where they would be of the other kind", () => {
  document.body.dataset.jpThemeLight = "true";
  expect(currentTheme("dark")).toEqual({ dark: true, host: "none" });
  expect(currentTheme("light")).toEqual({ dark: false, host: "jupyter" });
});

test("without a host the system decides", () => {
  expect(currentTheme("auto").dark).toBe(matchMedia("(prefers-color-scheme: dark)").matches);
});

test("a change of the page's theme is told until the signal aborts", async () => {
  const life = new AbortController();
  let told = 0;
  watchTheme(() => told++, life.signal);
  document.body.dataset.jpThemeLight = "false";
  await vi.waitFor(() => expect(told).toBe(1));
  life.abort();
  document.body.dataset.jpThemeLight = "true";
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(told).toBe(1);
});
