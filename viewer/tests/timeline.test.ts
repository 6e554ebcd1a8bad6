import assert from "node:assert/strict";
import { test } from "node:test";
import type { Overview } from "../src/data/wire.ts";
import { at, columns, logarithmic, marks } from "../src/model/timeline.ts";

const curves = {
  first: 0,
  last: 3,
  stride: 1,
  curves: [
    { name: "loss", steps: [0, 1, 2, 3], low: [8, 4, 2, 1], high: [8, 4, 2, 1] },
    { name: "grad_norm", steps: [1, 3], low: [0.5, null], high: [0.5, null] },
  ],
};

test("curves share one axis; what one lacks is a gap", () => {
  const found = columns(curves);
  assert.deepEqual(found.steps, [0, 1, 2, 3]);
  assert.deepEqual(found.bands[1]?.low, [null, 0.5, null, null]);
});

test("a log axis needs positive values", () => {
  assert.equal(logarithmic(columns(curves)), true);
  const negative = { ...curves, curves: [{ name: "loss", steps: [0, 1], low: [-1, 9], high: [-1, 9] }] };
  assert.equal(logarithmic(columns(negative)), false);
});

test("a step reads the last number before it", () => {
  assert.equal(at([0, 10, 20], [1, 2, 3], 15), 2);
  assert.equal(at([5], [1], 4), null);
});

test("what went wrong is marked where it happened, once for each place", () => {
  const incidents = [
    { kind: "nonfinite", step: 500, event: 7, text: "" }, { kind: "nonfinite", step: 501, text: "" },
    { kind: "warning", step: 2, text: "" }, { kind: "exception", step: 1000, text: "" },
  ];
  const found = marks({ incidents } as unknown as Overview, 0, 999);
  assert.deepEqual(found.map(({ kind, step, event }) => [kind, step, event]), [["nonfinite", 500, 7], ["exception", 1000, undefined]]);
  assert.equal(found[1]?.at, 1);
  assert.deepEqual(marks({ incidents } as unknown as Overview, 600, 700), []);
});
