import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { structure as structureOf } from "../src/data/structure.ts";
import type { EventData } from "../src/data/wire.ts";
import { at, graph } from "../src/model/graph.ts";
import { ledger } from "../src/model/ledger.ts";
import { parameters as parametersOf, single } from "../src/model/light.ts";
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

test("what became of .grad between backward() and step() stands beside it", () => {
  const clearing = structure.events.find((event) => event.kind === "zero_grad");
  const last = structure.events.length;
  assert.ok(clearing);
  const late: EventData = { ...clearing, index: last, changes: clearing.changes.map(({ parameter, before }) => ({ parameter, before })) };
  const cleared = { ...structure, events: [...structure.events, late] };
  assert.deepEqual(ledger(cleared, last).map(({ changed }) => changed), Array(2).fill({ event: last, to: { kind: "none" } }));
  assert.deepEqual(ledger(cleared, last - 1).map(({ changed }) => changed), [null, null]);
  const weights = graph(cleared).boxes.find((box) => box.id === "parameter0");
  assert.equal(at(weights?.gradients ?? null, last)?.none, true);
});

test("numbers of a light step stand by parameter, norms first", () => {
  const numbers = ["loss", "weight_norm/w", "value/w[0]", "grad_norm/w", "grad/w[0]", "mine/x"].map((name, value) => ({ name, value }));
  const step = { step: 1, numbers, more: 0 };
  assert.deepEqual(single(step).map(({ name }) => name), ["loss", "mine/x"]);
  assert.deepEqual(parametersOf(step), [["w", { norm: true, value: 1, grad: 3 }], ["w[0]", { norm: false, value: 2, grad: 4 }]]);
});
