import { describe, expect, test } from "vitest";
import { cut, excerpt, marked } from "../src/marked";

function htmlOf(text: string, words: string): string {
  const host = document.createElement("p");
  host.append(...marked(text, words));
  return host.innerHTML;
}

function marksOf(text: string, words: string): string[] {
  const host = document.createElement("p");
  host.append(...marked(text, words));
  expect(host.textContent).toBe(text);
  return [...host.querySelectorAll("mark")].map((mark) => mark.textContent ?? "");
}

describe("marking words", () => {
  test("every place is marked, whatever the case", () => {
    expect(marksOf("NASA and nasa, not Nassau", "nasa")).toEqual(["NASA", "nasa"]);
    expect(marksOf("Über uns, ÜBER alles", "über")).toEqual(["Über", "ÜBER"]);
  });

  test("signs that mean something in patterns and in markup are themselves", () => {
    expect(marksOf("a.b*c (d) [e] {f} | \\ ^ $ + ?", ".b*c (d) [e] {f} | \\ ^ $ + ?")).toHaveLength(1);
    expect(marksOf("axb a.b", "a.b")).toEqual(["a.b"]);
    expect(htmlOf("<b>x</b>", "<b>")).toBe('<mark class="es-mark">&lt;b&gt;</mark>x&lt;/b&gt;');
  });

  test("letters whose lower case is longer do not shift the marks", () => {
    expect(marksOf("İİİİ istanbul", "istanbul")).toEqual(["istanbul"]);
  });

  test("no words, no marks", () => {
    expect(marksOf("plain", "")).toEqual([]);
    expect(marksOf("plain", "   ")).toEqual([]);
  });

  test("a megabyte is marked quickly and with a bounded number of nodes", () => {
    const text = "ab ".repeat(350_000);
    const start = performance.now();
    expect(marksOf(text, "ab")).toHaveLength(500);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("excerpts", () => {
  test("a short text is left alone", () => {
    expect(excerpt("short", "o")).toBe("short");
    expect(cut("short", 5)).toBe("short");
  });

  test("words that come late are in the excerpt", () => {
    const text = `${"lorem ipsum ".repeat(200)}needle ${"dolor ".repeat(200)}`;
    const piece = excerpt(text, "NEEDLE", 120);
    expect(piece).toMatch(/^….*needle.*…$/);
    expect(piece.length).toBeLessThan(125);
    expect(excerpt(text, "", 120).startsWith("lorem")).toBe(true);
  });

  test("a pair of surrogates is not torn apart", () => {
    expect(cut("🚀🚀", 3)).toBe("🚀…");
    expect(cut("🚀🚀", 1)).toBe("…");
  });
});
