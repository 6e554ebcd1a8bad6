import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { structure as structureOf } from "../src/data/structure.ts";
import { ledger } from "../src/model/ledger.ts";
import { elementName, names } from "../src/model/naming.ts";

const structure = structureOf(JSON.parse(readFileSync("tests/or_gate_structure.json", "utf8")));
const parameters = [{ name: "weights" }, { name: "bias" }];

test("gradients are called after what they belong to", () => {
  const called = names(structure, parameters);
  for (const event of structure.events) {
    if (event.kind === "accumulate" && event.after !== undefined) {
      assert.equal(called[event.after], `${parameters[event.parameter]?.name}.grad`);
    }
    if (event.kind === "backward") assert.equal(called[event.gradients[0] ?? -1], "∂loss/∂loss");
  }
  assert.equal(elementName("weights.grad", [2, 1], 1), "weights.grad[1,0]");
  assert.equal(elementName("loss", [], 0), "loss");
});

test("a .grad that zero_grad() cleared is not stale", () => {
  assert.deepEqual(ledger(structure, Infinity).map(({ stale }) => stale), [null, null]);
});

test("what .grad still held at the first contribution is stale", () => {
  const held = { ...structure, events: structure.events.map((event) => (event.kind === "accumulate" ? { ...event, before: 3 } : event)) };
  assert.deepEqual(ledger(held, Infinity).map(({ stale }) => stale), [3, 3]);
});
