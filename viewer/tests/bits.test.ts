import assert from "node:assert/strict";
import { test } from "node:test";
import { floatBits, integerBits } from "../src/model/bits.ts";

/** What the machine itself holds. */
function held(number: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, number);
  return view.getUint32(0).toString(2).padStart(32, "0");
}

test("float32 is held as the machine holds it", () => {
  for (const number of [0, -0, 1, -1, 0.1, -2.6706941, 1e-45, 1.1754942e-38, 3.4e38, 8, 7.999999, Infinity, -Infinity]) {
    const rounded = Math.fround(number);
    assert.equal(floatBits(rounded, 8, 23).join(""), held(rounded), String(number));
  }
});

test("NaN, float64 and whole numbers", () => {
  assert.deepEqual(floatBits(NaN, 5, 2), ["0", "11111", "10"]);
  assert.equal(floatBits(1.5, 11, 52).join(""), `001111111111${"1".padEnd(52, "0")}`);
  assert.equal(integerBits(-1, 8), "11111111");
  assert.equal(integerBits(5n, 8), "00000101");
});
