import { expect, test } from "vitest";
import type { Measurement } from "../../bench/measure/measurement.ts";
import { renderMarkdown, renderTable } from "../../bench/report/render.ts";

const measurements: readonly Measurement[] = [
  {
    what: "version",
    seconds: [0.07, 0.068, 0.0712],
    peakMB: 45.8,
    floor: { what: "node -e 0", seconds: [0.05] },
    aims: [{ quantity: "ratio", atMost: 1.5 }],
  },
  {
    what: "start",
    seconds: [13, 12],
    qemuCpuSeconds: [14.25, 14.25],
    peakMB: 90,
    floor: { what: "QEMU by hand", seconds: [10], qemuCpuSeconds: [13] },
    aims: [
      { quantity: "ratio", atMost: 1.1 },
      { quantity: "peakMB", atMost: 300 },
      { quantity: "seconds", atMost: 0.15 },
    ],
  },
];

test("the table has a row for each measurement, with its floor and its aims", async () => {
  expect(await renderTable({ measurements, sizes: [] })).toBe(
    [
      "MEASURED   RUNS   MEDIAN   MIN – MAX         CELLS/MIN   QEMU CPU   PEAK MEMORY   FLOOR                               × FLOOR   AIM",
      "version    3      70 ms    68 ms – 71 ms                            46 MB         node -e 0: 50 ms                    1.40      ≤ 1.50 × floor: met",
      "start      2      12.5 s   12.0 s – 13.0 s               14.3 s     90 MB         QEMU by hand: 10.0 s (CPU 13.0 s)   1.25      ≤ 1.10 × floor: MISSED, ≤ 300 MB: met, ≤ 150 ms: MISSED",
      "",
    ].join("\n"),
  );
});

test("as Markdown it is a table of as many columns", async () => {
  const lines = (await renderMarkdown({ measurements, sizes: [] })).trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.split("|").length))).toEqual(new Set([12]));
  expect(lines[2]).toBe(
    "| version | 3 | 70 ms | 68 ms – 71 ms |  |  | 46 MB | node -e 0: 50 ms | 1.40 | ≤ 1.50 × floor: met |",
  );
});

test("of a matrix it has the cells per minute", async () => {
  const matrix: Measurement = {
    ...{ what: "matrix run", seconds: [40, 30, 60], cells: 4, peakMB: 120, machinesPeakMB: 900 },
    ...{ floor: { what: "4 boots by hand", seconds: [32] }, aims: [] },
  };
  const text = await renderMarkdown({ measurements: [matrix], sizes: [] });
  expect(text).toContain(
    "| matrix run | 3 | 40.0 s | 30.0 s – 60.0 s | 6.0 |  | 120 MB, machines 900 MB | 4 boots by hand: 32.0 s | 1.25 |",
  );
});

test("sizes have a table of their own", async () => {
  const sizes = [
    { what: "boot ISO", bytes: 25_500_000, atMostMB: 30 },
    { what: "another", bytes: 60_100_000, atMostMB: 60 },
    { what: "engine image", bytes: 251_900_000 },
  ];
  expect(await renderMarkdown({ measurements: [], sizes })).toBe(
    [
      "| size | MB | aim |",
      "| --- | --- | --- |",
      "| boot ISO | 25.5 | ≤ 30 MB: met |",
      "| another | 60.1 | ≤ 60 MB: MISSED |",
      "| engine image | 251.9 |  |",
      "",
    ].join("\n"),
  );
});
