import assert from "node:assert/strict";
import { test } from "node:test";
import { folding, stageOf } from "../src/model/fold.ts";
import { raster } from "../src/model/raster.ts";

const places = (stage: 0 | 1 | 2 | 3 | 4) => {
  const { at } = folding(stage, [4, 1], [2, 1]);
  return [0, 1, 2, 3].flatMap((out) => [0, 1].map((by) => at(out, by).join()));
};

test("an entry has its own place in the array and in the matrix", () => {
  assert.equal(new Set(places(0)).size, 8);
  assert.deepEqual(places(1), ["0,0", "1,0", "0,1", "1,1", "0,2", "1,2", "0,3", "1,3"]);
});

test("rows are summed to one, which takes the input's shape", () => {
  assert.deepEqual([...new Set(places(3))], ["0,0", "1,0"]);
  assert.deepEqual([...new Set(places(4))], ["0,0", "0,1"]);
});

test("nothing lies outside of the folding", () => {
  for (const stage of [0, 1, 2, 3, 4] as const) {
    const { width, height, at } = folding(stage, [2, 3, 4], [5]);
    for (let out = 0; out < 24; out++) for (let by = 0; by < 5; by++) {
      const [x, y] = at(out, by);
      assert.ok(x >= 0 && x < width && y >= 0 && y < height, `${stage} ${out} ${by}`);
    }
  }
});

test("each step of the folding has its stage", () => {
  const steps = ["jacobian-fold-indices", "jacobian-fold-flatten", "jacobian-fold-vjp", "jacobian-fold-formula", "jacobian-same-shape-parameter"];
  assert.deepEqual(steps.map(stageOf), [0, 1, 2, 3, 4]);
});

test("elements of any rank have places of their own", () => {
  for (const shape of [[], [7], [70], [3, 5], [2, 3, 4], [2, 2, 3, 3], [1, 1]]) {
    const { rows, columns, at } = raster(shape);
    const count = shape.reduce((product, length) => product * length, 1);
    const found = Array.from({ length: count }, (_, place) => at(place));
    assert.equal(new Set(found.map(String)).size, count);
    for (const [row, column] of found) assert.ok(row < rows && column < columns);
  }
});
