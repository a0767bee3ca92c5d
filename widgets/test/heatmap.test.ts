import { afterEach, describe, expect, test } from "vitest";
import { rgba } from "../src/colors";
import { Ramp } from "../src/panes/heatmap/ramp";
import { scaleOf, shareOf } from "../src/panes/heatmap/scale";
import type { Heatmap, HeatmapLayer } from "../src/source/source";
import { close, view } from "./driver";
import { soon } from "./explorer";
import { FACTS, heatmapOf, namesOf, openHeatmap } from "./heatmap_data";
import { choose, colourOf, grid, hoverCell, menuOf, order, painted, words } from "./heatmap_driver";

afterEach(close);

function expected(layer: HeatmapLayer, row: number, column: number, dark = false): number[] {
  const values = heatmapOf("label", "perplexity:30", layer).layers[layer] as Float32Array;
  const ramp = new Ramp(rgba(dark ? "#14161b" : "#ffffff"), dark);
  return ramp.at(shareOf(values[20 * row + column] as number, scaleOf(values)));
}

describe("the picture", () => {
  test("each cell has the colour of its value, where its groups stand", async () => {
    openHeatmap();
    await painted();
    for (const [row, column] of [
      [0, 0],
      [3, 4],
      [17, 2],
      [19, 18],
    ] as const)
      expect(colourOf(row, column)).toEqual(expected("contribution", row, column));
  });

  test("a theme that changes is painted anew", async () => {
    openHeatmap();
    await painted();
    view.store.set("theme", "dark");
    expect(colourOf(5, 5)).toEqual(expected("contribution", 5, 5, true));
    view.store.set("theme", "light");
    expect(colourOf(5, 5)).toEqual(expected("contribution", 5, 5));
  });

  test("groups stand by similarity at first, then by mean or by name", async () => {
    openHeatmap();
    await painted();
    expect(order()).toEqual(Array.from({ length: 20 }, (_, i) => 19 - i));
    const first = view.el.querySelector(".es-heat-row bdi")?.textContent;
    expect(first).toBe("talk.religion.misc");
    choose("Order of the groups", "mean");
    const { means } = heatmapOf("label", "perplexity:30", "contribution");
    const shown = order().map((place) => means[place] as number);
    expect(shown).toEqual([...means].sort((a, b) => b - a));
    expect(colourOf(3, 4)).toEqual(expected("contribution", 3, 4));
    choose("Order of the groups", "name");
    expect(order()).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("rows' means stand at the right, and rows sum to them", async () => {
    openHeatmap();
    await painted();
    const { means, layers } = heatmapOf("label", "perplexity:30", "contribution");
    const last = means[19] as number;
    expect(view.el.querySelector(".es-heat-mean")?.textContent).toBe(last.toFixed(3));
    const row = layers.contribution?.subarray(380, 400) ?? new Float32Array(0);
    expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(last, 5);
    expect(words(".es-heat-rest")).toBe("A row sums to its group’s mean KL, at the right.");
  });

  test("groups without anchors, and cells that are not numbers, are hatched", async () => {
    openHeatmap({
      heatmap: async (by, bandwidth, layer) => {
        const heatmap = heatmapOf(by, bandwidth, layer, namesOf(4));
        heatmap.anchors[2] = 0;
        heatmap.layers.contribution?.fill(Number.NaN, 1, 2);
        heatmap.layers.contribution?.fill(0, 4, 16);
        return heatmap;
      },
    });
    await painted();
    const canvas = view.el.querySelector(".es-heat-canvas") as HTMLCanvasElement;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const { left, top, cellWidth, cellHeight } = grid().dataset;
    const ratio = canvas.width / grid().clientWidth;
    // Colours in the lower third of a cell, below its number.
    const coloursIn = (row: number, column: number): number => {
      const [down, across] = [order().indexOf(row), order().indexOf(column)];
      const x = (Number(left) + (across + 0.1) * Number(cellWidth)) * ratio;
      const y = (Number(top) + (down + 0.72) * Number(cellHeight)) * ratio;
      const { data } = context.getImageData(x, y, 0.8 * Number(cellWidth) * ratio, 6);
      return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3).join()))
        .size;
    };
    expect(coloursIn(1, 1)).toBe(1);
    expect(coloursIn(0, 1)).toBeGreaterThan(1);
    for (const column of [0, 1, 2, 3]) expect(coloursIn(2, column)).toBeGreaterThan(1);
    hoverCell(2, 2);
    expect(words(".es-heat-readout")).toContain("no anchors in this group");
  });

  test("few groups have their numbers written, two hundred are drawn and their names thinned", async () => {
    openHeatmap({
      heatmap: async (by, bandwidth, layer) => heatmapOf(by, bandwidth, layer, namesOf(200)),
    });
    await painted();
    expect(Number(grid().dataset.cellWidth)).toBeLessThan(3);
    const labels = [...view.el.querySelectorAll<HTMLElement>(".es-heat-labels .es-heat-row")];
    expect(labels.length).toBeGreaterThan(8);
    const places = labels.map((label) => label.getBoundingClientRect().top);
    for (const [i, place] of places.slice(1).entries())
      expect(place - (places[i] as number)).toBeGreaterThanOrEqual(12.5);
    hoverCell(150, 33);
    expect(words(".es-heat-pair")).toBe("group 150 → group 33");
    // The names of the cell at hand show where those of others are thinned out.
    expect(words(".es-heat-here .es-heat-row")).toBe("group 150");
    expect(words(".es-heat-here .es-heat-column")).toBe("group 33");
  });

  test.each([
    700, 380,
  ])("at %i pixels nothing leaves the pane, and the legend is symmetric", async (width) => {
    openHeatmap({}, { width });
    await painted();
    expect(view.root.scrollWidth).toBeLessThanOrEqual(view.root.clientWidth);
    const ticks = [...view.el.querySelectorAll(".es-heat-ticks > span")].map((tick) => tick.textContent);
    expect(ticks).toHaveLength(5);
    expect(ticks[0]?.replace(/[−≤ ]/g, "")).toBe(ticks[4]?.replace(/[≥ ]/g, ""));
    const boxes = [...view.el.querySelectorAll(".es-heat-ticks > span")].map((tick) =>
      tick.getBoundingClientRect(),
    );
    for (const [i, box] of boxes.slice(1).entries()) expect(box.left).toBeGreaterThan(boxes[i]?.right ?? 0);
  });

  test("the names' marks count the selection where the colours are of these groups", async () => {
    openHeatmap(
      {
        heatmap: async (by, bandwidth, layer) => heatmapOf(by, bandwidth, layer, [...FEW, "unclustered"]),
      },
      { traits: { comparison: { ...FACTS, groups: [{ key: "cluster", title: "Cluster", n: 4 }] } } },
    );
    await painted();
    expect(view.el.querySelector(".es-heat-picked")).toBeNull();
    const { codes } = view.data;
    const rows = Uint32Array.from(codes.keys())
      .filter((row) => codes[row] === 1)
      .slice(0, 7);
    view.store.set("selection", rows);
    const marks = [
      ...view.el.querySelectorAll<HTMLElement>(".es-heat-labels .es-heat-row:has(.es-heat-picked)"),
    ];
    expect(marks.map((mark) => mark.textContent)).toEqual(["7hockey, team, season"]);
    view.store.set("selection", new Uint32Array(0));
    expect(view.el.querySelector(".es-heat-picked")).toBeNull();
  });
});

const FEW = ["space, orbit, nasa, launch", "hockey, team, season", "guns"];

describe("the head", () => {
  test("has the number first, its parts, how it was measured, and what to know before", async () => {
    const warnings = ["The teacher’s bandwidth is wide.", "The student’s, too."];
    openHeatmap({
      heatmap: async (by, bandwidth, layer) => ({
        ...heatmapOf(by, bandwidth, layer),
        mean: 0.41,
        between: 0.12,
        within: 0.29,
        warnings,
      }),
    });
    await painted();
    expect(words(".es-heat-first")).toBe(
      "DivergenceKL(teacher‖student) 0.410 nats: 0.120 between groups, 0.290 within",
    );
    expect(words(".es-heat-measured")).toBe(
      "Exact, all 11,314 anchors · median effective neighbours: teacher 27.4, student 31.8",
    );
    const said = [...view.el.querySelectorAll(".es-heat-warnings bdi")].map((line) => line.textContent);
    expect(said).toEqual(warnings);
  });

  test("layers are switched without asking again; Jensen–Shannon's is asked for when it is wanted", async () => {
    const asked: string[] = [];
    openHeatmap({
      heatmap: async (by, bandwidth, layer) => {
        asked.push(`${by} ${bandwidth} ${layer}`);
        return heatmapOf(by, bandwidth, layer);
      },
    });
    await painted();
    for (const layer of ["per mass", "between", "within"] as const) {
      choose("Layer", layer);
      expect(colourOf(4, 4)).toEqual(expected(layer, 4, 4));
    }
    // Within is never under 0, and neither is its legend.
    expect(words(".es-heat-ticks")).toMatch(/^0/);
    expect(asked).toEqual(["label perplexity:30 contribution"]);
    const second = menuOf("Layer").options[4];
    expect(second?.text).toBe("Jensen–Shannon (needs a second pass)");
    choose("Layer", "js");
    await painted();
    expect(second?.text).toBe("Jensen–Shannon");
    expect(colourOf(4, 4)).toEqual(expected("js", 4, 4));
    choose("Layer", "contribution");
    choose("Layer", "js");
    expect(asked).toEqual(["label perplexity:30 contribution", "label perplexity:30 js"]);
  });

  test("groups and bandwidth are the store's; each pair of them is asked for once", async () => {
    const asked: string[] = [];
    openHeatmap({
      heatmap: async (by, bandwidth, layer) => {
        asked.push(`${by} ${bandwidth}`);
        return heatmapOf(by, bandwidth, layer, namesOf(by === "label" ? 20 : 5));
      },
    });
    await painted();
    expect([...menuOf("Group by").options].map(({ text }) => text)).toEqual([
      "Groups: Newsgroup",
      "Groups: Cluster",
    ]);
    choose("Group by", "cluster");
    expect(view.store.get("groupBy")).toBe("cluster");
    await soon(() => expect(order()).toHaveLength(5));
    view.store.set("bandwidth", "mean:0.25");
    await soon(() => expect(asked).toHaveLength(3));
    expect(menuOf("Bandwidth").value).toBe("mean:0.25");
    await painted();
    choose("Bandwidth", "perplexity:30");
    choose("Group by", "label");
    await soon(() => expect(order()).toHaveLength(20));
    expect(asked).toEqual(["label perplexity:30", "cluster perplexity:30", "cluster mean:0.25"]);
  });

  test("other spaces to compare are asked about anew", async () => {
    let asked = 0;
    openHeatmap({
      heatmap: async (by, bandwidth, layer) => {
        asked++;
        return heatmapOf(by, bandwidth, layer);
      },
    });
    await painted();
    view.model.set("comparison", { ...FACTS, names: ["another", "student"] });
    await soon(() => expect(asked).toBe(2));
  });
});

test("as many heatmaps are kept as Python keeps, so that their cells can be opened", async () => {
  const asked: string[] = [];
  const bandwidths = Array.from({ length: 9 }, (_, i) => ({ key: `mean:${i}`, title: `${i}` }));
  openHeatmap(
    {
      heatmap: async (by, bandwidth, layer) => {
        asked.push(bandwidth);
        return heatmapOf(by, bandwidth, layer, namesOf(3));
      },
    },
    { traits: { comparison: { ...FACTS, bandwidths } } },
  );
  for (const [i, { key }] of bandwidths.entries()) {
    choose("Bandwidth", key);
    await soon(() => expect(asked).toHaveLength(i + 1));
    await painted();
  }
  choose("Bandwidth", "mean:1");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toHaveLength(9);
  choose("Bandwidth", "mean:0");
  await soon(() => expect(asked.at(-1)).toBe("mean:0"));
  expect(asked).toHaveLength(10);
});

test("where nothing groups the items there are the number, its parts, and words", async () => {
  const asked: string[] = [];
  openHeatmap(
    {
      heatmap: async (by, bandwidth, layer): Promise<Heatmap> => {
        asked.push(by);
        return heatmapOf(by, bandwidth, layer, ["all"]);
      },
    },
    { traits: { comparison: { ...FACTS, groups: [] } } },
  );
  await soon(() => expect(words(".es-heat-parts")).not.toBe(""));
  expect(words(".es-heat-alone")).toContain("Nothing groups these items");
  expect(asked).toEqual([""]);
  const { mean } = heatmapOf("", "perplexity:30", "contribution", ["all"]);
  expect(words(".es-heat-parts dd")).toBe(`${mean.toFixed(3)} nats`);
  expect(grid().checkVisibility()).toBe(false);
  for (const label of ["Group by", "Order of the groups", "Layer"])
    expect(menuOf(label).checkVisibility()).toBe(false);
  (view.el.querySelector(".es-heat-alone .es-link") as HTMLElement).click();
  expect(view.store.get("cell")).toEqual({ by: "", row: 0, column: 0 });
  await soon(() => expect(view.el.querySelectorAll(".es-heat-anchor")).toHaveLength(12));
});
