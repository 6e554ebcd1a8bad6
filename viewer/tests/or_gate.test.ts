/** The models of a real step: the OR gate, as tests/or_gate_structure.json has it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { StructureData } from "../src/data/wire.ts";
import { graph } from "../src/model/graph.ts";
import { layout } from "../src/model/layout.ts";
import { ledger } from "../src/model/ledger.ts";
import { lineNotes, running } from "../src/model/source_lines.ts";
import { groups } from "../src/model/strip.ts";

const structure = JSON.parse(readFileSync("tests/or_gate_structure.json", "utf8")) as StructureData;
const find = (name: string): number => structure.events.findIndex((event) => event.name === name);

test("the strip has the parts of the loop", () => {
  assert.deepEqual(groups(structure).map((group) => group.kind), ["forward", "loss", "zero_grad", "backward", "optimizer"]);
});

test("the graph has a box for each op, parameter and input, and knows which need a gradient", () => {
  const { boxes, edges } = graph(structure);
  const kinds = Object.fromEntries(boxes.map((box) => [box.name, box.kind]));
  assert.deepEqual(kinds, {
    mm: "op", X: "data", weights: "parameter", add: "op", bias: "parameter",
    sigmoid: "op", binary_cross_entropy: "loss", y: "data",
  });
  const needless = boxes.filter((box) => box.gradient === null).map((box) => box.name);
  assert.deepEqual(needless.sort(), ["X", "y"]);
  assert.equal(edges.length, 7);
  assert.equal(edges.filter((edge) => edge.back !== null).length, 5);
});

test("boxes stand left to right and do not overlap", () => {
  const drawn = graph(structure);
  const { places } = layout(drawn, structure);
  for (const { from, to } of drawn.edges) {
    const [a, b] = [places.get(from), places.get(to)];
    assert.ok(a && b && a.x + a.width < b.x);
  }
  const all = [...places.values()];
  for (const a of all) {
    for (const b of all) {
      if (a === b) continue;
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(apart);
    }
  }
});

test("the ledger shows nothing before it has happened", () => {
  const early = ledger(structure, find("sigmoid"));
  assert.deepEqual(early.map((row) => row.contribution.kind), ["later", "later"]);
  assert.deepEqual(early.map((row) => row.before.kind), ["slot", "slot"]); // zero_grad() lies ahead
  const late = ledger(structure, structure.events.length - 1);
  assert.deepEqual(late.map((row) => row.updated.kind), ["slot", "slot"]);
  assert.deepEqual(late.map((row) => row.before.kind), ["none", "none"]);
});

test("a node runs at the line of backward() and belongs to the op's expression", () => {
  const event = structure.events[find("SigmoidBackward0")];
  assert.ok(event);
  const { call, origin } = running(structure, event);
  assert.equal(call?.expression, "loss.backward()");
  assert.match(origin?.expression ?? "", /^torch\.sigmoid/);
});

test("what is to come is not beside its line", () => {
  const at = find("sigmoid");
  const notes = [...lineNotes(structure, 0, at).values()];
  assert.ok(notes.every((note) => note.come === note.event <= at));
  assert.ok(notes.some((note) => !note.come));
});
