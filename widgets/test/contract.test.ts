import { expect, test } from "vitest";
import type { Model } from "../src/model";
import manifest from "./model_manifest.json";

// tsc refuses a key too many and a key too few; the test compares them with the traits of the Python class.
const KEYS = {
  panes: true,
  universe: true,
  coords: true,
  coords_b: true,
  labels_b: true,
  morph: true,
  comparison: true,
  color: true,
  color_by: true,
  color_choices: true,
  labels: true,
  selection_rows: true,
  hover_columns: true,
  layout_by: true,
  layout_choices: true,
  query: true,
  n_neighbors: true,
  saved_selections: true,
  workbench: true,
  job: true,
  training: true,
  map_step: true,
  height: true,
  theme: true,
} satisfies Record<keyof Model, true>;

test("the interface has the traits of the Python class", () => {
  expect(Object.keys(KEYS).sort()).toEqual(manifest);
});
