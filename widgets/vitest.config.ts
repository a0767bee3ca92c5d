import { execFileSync } from "node:child_process";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** The machine's Chromium, as CHROMIUM says or the path has it; else the one that Playwright has installed. */
function chromium(): { executablePath?: string } {
  if (process.env.CHROMIUM) return { executablePath: process.env.CHROMIUM };
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return { executablePath: execFileSync("which", [name], { encoding: "utf8" }).trim() };
    } catch {
      // `which` fails where there is no such program; the next name may be there.
    }
  }
  return {};
}

const args = [
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  // Found late, it would reload the page in the middle of a test.
  optimizeDeps: { include: ["regl-scatterplot", "axe-core"] },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      viewport: { width: 1000, height: 700 },
      provider: playwright({ launchOptions: { ...chromium(), args } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
