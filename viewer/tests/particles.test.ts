import assert from "node:assert/strict";
import { test } from "node:test";
import { withParticle } from "../src/text/particles.ts";

// the cases of tests/messages/test_messages.py
const CASES: [string, string, string][] = [
  ["손실", "은/는", "손실은"],
  ["기울기", "은/는", "기울기는"],
  ["0.3421", "은/는", "0.3421은"],
  ["0.3422", "은/는", "0.3422는"],
  ["weights[0]", "이/가", "weights[0]이"],
  ["bias", "을/를", "bias를"],
  ["7", "으로/로", "7로"],
  ["3", "으로/로", "3으로"],
  ["«»", "은/는", "«»는"],
  ["output", "을/를", "output을"],
  ["weight", "을/를", "weight를"],
  ["step", "으로/로", "step으로"],
];

test("the particle follows the last sound", () => {
  for (const [word, pair, expected] of CASES) assert.equal(withParticle(word, pair), expected);
});
