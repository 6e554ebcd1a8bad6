import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventData, Overview } from "../src/data/wire.ts";
import { firstNaN, nearestStep, neighbourStep } from "../src/model/playhead.ts";

const overview = { full: [[0, 2], [10, 10], [500, 520]], steps: 1000, unfinished: 1000 } as unknown as Overview;

test("steps move from one full step to the next, over the light ones", () => {
  const steps: [number, 1 | -1, number][] = [
    [0, 1, 1],
    [2, 1, 10],
    [10, 1, 500],
    [520, 1, 1000],
    [1000, 1, 1000],
    [1000, -1, 520],
    [500, -1, 10],
    [7, -1, 2],
    [0, -1, 0],
  ];
  for (const [from, direction, to] of steps) assert.equal(neighbourStep(overview, from, direction), to);
});

test("a light step has a nearest full one", () => {
  assert.equal(nearestStep(overview, 300), 500);
  assert.equal(nearestStep(overview, 4), 2);
  assert.equal(nearestStep({ ...overview, full: [], unfinished: undefined } as Overview, 4), null);
});

test("a NaN is looked for where it began, not where it was noticed", () => {
  const events = [
    { index: 0, kind: "op", outputs: [0] }, { index: 1, kind: "op", outputs: [null, 1] },
    { index: 2, kind: "op", outputs: [2] }, { index: 3, kind: "backward" },
  ] as unknown as EventData[];
  assert.equal(firstNaN(events, (slot) => slot > 0), 1);
  assert.equal(firstNaN(events, () => false), undefined);
});
