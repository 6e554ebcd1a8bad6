import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoundaryData, GridData } from "../src/data/wire.ts";
import { contour, grid, marks, sample, side, spread, ticks } from "../src/model/model_view.ts";

const base64 = (bytes: readonly number[]): string => Buffer.from(bytes).toString("base64");
const floats = (values: readonly number[]): string => Buffer.from(Float32Array.from(values).buffer).toString("base64");
const packed: GridData = {
  across: [0, 1],
  up: [0, 1],
  values: { shape: [2, 2], code: "u1", data: base64([0, 254, 127, 255]) },
  low: -1,
  high: 3,
};

test("a packed grid is unpacked, and what is not finite stays so", () => {
  assert.deepEqual(grid(packed).values, [-1, 3, 1, NaN]);
});

test("between points a grid is linear", () => {
  const plane = { columns: 3, rows: 2, values: [0, 1, 2, 10, 11, 12], low: 0, high: 12 };
  assert.equal(sample(plane, 0.25, 0.5), 5.5);
  assert.equal(sample(plane, 1, 1), 12);
  const line = { columns: 3, rows: 1, values: [0, 1, 4], low: 0, high: 4 };
  assert.equal(sample(line, 0.75, 0), 2.5);
});

test("the contour of a plane is its zero line", () => {
  const found = contour(5, 5, (place) => (place % 5) - 1.5);
  assert.equal(found.length, 4 * 4);
  for (let i = 0; i < found.length; i += 2) assert.equal(found[i], 1.5 / 4);
  assert.deepEqual(contour(3, 3, () => NaN), []);
});

test("ticks are round and inside", () => {
  assert.deepEqual(ticks([-0.18, 1.18], 3), [0, 0.5, 1]);
  assert.deepEqual(ticks([-2.3, 4.1], 4), [-2, 0, 2, 4]);
  assert.deepEqual(ticks([1, 1], 3), []);
});

test("wide ranges are spread by powers", () => {
  const values = { columns: 1, rows: 1, values: [], low: 0.01, high: 1 };
  assert.ok(Math.abs(spread(values)(0.1) - 0.5) < 1e-12);
  assert.equal(spread({ ...values, low: -1, high: 1 })(0), 0.5);
  assert.equal(spread({ ...values, low: 1 })(1), 0);
});

test("examples on the wrong side are marked", () => {
  const boundary = { kind: "threshold", pair: [-1, 1] } as unknown as BoundaryData;
  const examples = {
    points: { shape: [2, 2], code: "f4", data: floats([1, 2, 3, 4]) },
    targets: { shape: [2], code: "f4", data: floats([-1, 1]) },
  } as const;
  assert.deepEqual(marks(examples, boundary, [0.4, 0.2]), [
    { x: 1, y: 2, target: -1, wrong: true },
    { x: 3, y: 4, target: 1, wrong: false },
  ]);
  assert.equal(side(0.25, [0, 1]), -0.5);
});
