/** The models of a real step: the OR gate, as tests/or_gate_structure.json has it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { structure as structureOf } from "../src/data/structure.ts";
import { fold } from "../src/model/folding.ts";
import { at, graph } from "../src/model/graph.ts";
import { size } from "../src/model/layout.ts";
import { ledger } from "../src/model/ledger.ts";
import { Placer } from "../src/model/placing.ts";
import { lineNotes, running } from "../src/model/source_lines.ts";
import { groups, NEAR, seen, type Group } from "../src/model/strip.ts";
import { isGroup, Tree } from "../src/model/tree.ts";

const structure = structureOf(JSON.parse(readFileSync("tests/or_gate_structure.json", "utf8")));
const find = (name: string): number => structure.events.findIndex((event) => event.name === name);

test("of very many groups the strip shows those near the playhead, and the others by their number", () => {
  const event = structure.events[0]!;
  const at = (index: number) => ({ ...event, index });
  const turns = Array.from({ length: 400 }, (_, turn): Group => ({ kind: turn % 2 ? "outside" : "forward", events: [at(2 * turn), at(2 * turn + 1)] }));
  const all: Group[] = [...turns, { kind: "backward", events: [at(800)] }];
  const shown = seen(all, 400);
  assert.deepEqual(shown.map((part) => typeof part === "number"), [true, ...Array(NEAR + 1).fill(false), true, false]);
  assert.deepEqual([shown[0], shown.at(-2)], [400 - NEAR, 800 - (400 + NEAR + 2)]);
  assert.deepEqual(seen(all.slice(-3), 0), all.slice(-3)); // few are all shown
});

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
  const needless = boxes.filter((box) => box.gradients === null).map((box) => box.name);
  assert.deepEqual(needless.sort(), ["X", "y"]);
  assert.equal(edges.length, 7);
  assert.equal(edges.filter((edge) => edge.back.length > 0).length, 5);
  assert.ok(edges.every((edge) => edge.back.every((way) => way.slot !== null)));
});

test("a parameter shows its new value once the playhead is past the update", () => {
  const update = structure.events.find((event) => event.kind === "update");
  const box = graph(structure).boxes.find((found) => found.id === `parameter${update?.parameter}`);
  assert.ok(update && box);
  assert.equal(at(box.values, update.index - 1)?.slot, box.slot);
  assert.equal(at(box.values, update.index)?.slot, update.after);
  assert.equal(at(box.gradients, 0), null);
});

test("boxes stand left to right and do not overlap", () => {
  const drawn = graph(structure);
  const tree = new Tree(drawn);
  const seen = fold(drawn, tree, tree.unfolded(), (item) =>
    isGroup(item) ? { width: 0, height: 0 } : size(item, structure, true));
  const places = new Map(new Placer().place(seen.plan).spots);
  for (const { from, to } of seen.bundles) {
    const [a, b] = [places.get(from), places.get(to)];
    assert.ok(a && b && a[0] + a[2] < b[0]);
  }
  const all = [...seen.items.keys()].map((id) => places.get(id) ?? [0, 0, 0, 0]);
  for (const a of all) {
    for (const b of all) {
      if (a === b) continue;
      const apart = a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
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
