import assert from "node:assert/strict";
import { test } from "node:test";
import { count, full, shape, short } from "../src/model/format.ts";

test("short numbers keep four decimals, or an exponent where those would be nothing", () => {
  const cases: [number | bigint | boolean, string][] = [
    [0.34219, "0.3422"],
    [-0.0023, "\u22120.0023"],
    [0, "0"],
    [1, "1"],
    [2.7e-9, "2.7e\u22129"],
    [123456.7, "1.2e5"],
    [1234.56, "1234.6"],
    [Number.NaN, "NaN"],
    [-Infinity, "\u2212∞"],
    [12345678901234567890n, "12345678901234567890"],
    [true, "true"],
  ];
  for (const [number, text] of cases) assert.equal(short(number), text);
  assert.equal(short({ re: 1.5, im: -2 }), "1.50\u22122i");
});

test("a float32 in full is the shortest text that reads back to it", () => {
  assert.equal(full(Math.fround(0.1), "f4"), "0.1");
  assert.equal(full(Math.fround(0.16685788), "f4"), "0.16685788");
  assert.equal(full(0.1 + 0.2, "f8"), "0.30000000000000004");
});

test("shapes and counts", () => {
  assert.equal(shape([4, 2]), "4×2");
  assert.equal(count(1_000_000), "1\u202f000\u202f000");
  assert.equal(count(1000), "1000");
});
