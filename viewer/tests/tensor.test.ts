import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArrayData } from "../src/data/wire.ts";
import { decode, indexOf, largest } from "../src/model/tensor.ts";

const packed = (typed: ArrayBufferView, code: ArrayData["code"], shape: number[]): ArrayData => ({
  shape,
  code,
  data: Buffer.from(typed.buffer, typed.byteOffset, typed.byteLength).toString("base64"),
});

test("elements come back exactly, whatever their dtype", () => {
  assert.deepEqual(decode(packed(Float32Array.of(0.5, NaN, -Infinity), "f4", [3])).elements, [0.5, NaN, -Infinity]);
  assert.deepEqual(decode(packed(BigInt64Array.of(2n ** 60n), "i8", [])).elements, [2n ** 60n]);
  assert.deepEqual(decode(packed(Uint8Array.of(1, 0), "b1", [2])).elements, [true, false]);
  assert.deepEqual(decode(packed(Float32Array.of(1, -2), "c8", [1])).elements, [{ re: 1, im: -2 }]);
});

test("the largest magnitude leaves out what is not finite", () => {
  assert.equal(largest([1, -3, Infinity, NaN]), 3);
  assert.equal(largest([]), 0);
});

test("a place has an index in each dimension", () => {
  assert.deepEqual(indexOf(5, [2, 3]), [1, 2]);
  assert.deepEqual(indexOf(0, []), []);
});
