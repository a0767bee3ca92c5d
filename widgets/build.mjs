// Builds embedscope/views/static/scope.js and scope.css; --check builds in memory and compares with the budget.
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "embedscope", "views", "static");
// The module travels to the browser over the kernel's channel with every widget: 220 kB of it is regl and its scatter plot.
const BUDGET_KB = { "scope.js": 480, "scope.css": 74 };

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: { scope: "src/index.ts", "scope-style": "src/scope.css" },
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox115", "safari16.4"],
  minify: true,
  legalComments: "inline",
  charset: "utf8",
  outdir: target,
  write: false,
  logLevel: "warning",
});

const bundle = new Map(
  outputFiles.map((file) => [file.path.endsWith(".css") ? "scope.css" : "scope.js", file.contents]),
);
let overBudget = false;
for (const [name, contents] of bundle) {
  const size = contents.byteLength / 1000;
  overBudget ||= size > BUDGET_KB[name];
  const zipped = (gzipSync(contents).byteLength / 1000).toFixed(1);
  process.stdout.write(
    `${name}: ${size.toFixed(1)} kB, ${zipped} kB gzipped (budget ${BUDGET_KB[name]} kB)\n`,
  );
}
if (overBudget) {
  process.stderr.write(
    "The bundle is over its budget: import less, or raise the budget in build.mjs with a reason.\n",
  );
  process.exit(1);
}
if (!process.argv.includes("--check")) {
  await mkdir(target, { recursive: true });
  for (const [name, contents] of bundle) {
    // Written beside and renamed, so that a kernel never reads half a module.
    await writeFile(join(target, `${name}.part`), contents);
    await rename(join(target, `${name}.part`), join(target, name));
  }
}
