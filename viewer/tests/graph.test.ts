/** Folding and placing graphs: modules, many runs, many boxes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Graph, GraphEdge } from "../src/model/graph.ts";
import { fold } from "../src/model/folding.ts";
import { layers } from "../src/model/layering.ts";
import { Placer, type Spot } from "../src/model/placing.ts";
import { isGroup, Tree } from "../src/model/tree.ts";

const SIZE = { width: 100, height: 60 };

/** Ops in a row; each one has the path that is said. */
function chain(paths: readonly string[]): Graph {
  const boxes = paths.map((path, event): Box => ({
    id: `op${event}`, kind: "op", name: `op${event}`, symbol: `a${event}`, event, slot: null,
    values: [{ event, slot: null }], gradients: [{ event: 2 * paths.length - event, slot: null }],
    node: event, saved: [], freed: null, path: path ? path.split(".") : [],
  }));
  const edges = paths.slice(1).map((_, place): GraphEdge => ({
    from: `op${place}`, to: `op${place + 1}`, value: place, back: [{ event: 2 * paths.length - place, slot: null }],
  }));
  return { boxes, edges, byNode: new Map(paths.map((_, place) => [place, `op${place}`])) };
}

/** Boxes inside one another are a group and its contents; all others keep apart. */
function apart(spots: readonly (readonly [string, Spot])[], leaves: ReadonlySet<string>): void {
  const all = spots.filter(([id]) => leaves.has(id)).map(([, spot]) => spot);
  all.forEach(([x, y, width, height], place) => {
    for (const [x2, y2, width2, height2] of all.slice(place + 1)) {
      assert.ok(x + width <= x2 || x2 + width2 <= x || y + height <= y2 || y2 + height2 <= y);
    }
  });
}

test("a module that is called again is a group of its own", () => {
  const tree = new Tree(chain(["cell", "cell", "", "cell", "cell", "head"]));
  assert.deepEqual(tree.root.children.map((item) => item.name), ["cell", "op2", "cell", "op5"]);
});

test("groups of one group share a line, and a group of one op is that op", () => {
  const tree = new Tree(chain(["net.blocks.0", "net.blocks.0", "act"]));
  const [group, op] = tree.root.children;
  assert.ok(group && isGroup(group));
  assert.equal(group.name, "net.blocks.0");
  assert.equal(op?.id, "op2");
});

test("a folded group stands for what is in it, with all its edges", () => {
  const drawn = chain(["", "m.a", "m.a", "m.b", "m.b", ""]);
  const tree = new Tree(drawn);
  const folded = fold(drawn, tree, new Set(), () => SIZE);
  assert.equal(folded.items.size, 3);
  assert.deepEqual(folded.bundles.map(({ flows }) => flows), [1, 5]);
  assert.equal(tree.shown("op3", new Set()), folded.bundles[0]?.to);
  const all = new Set(tree.groups.keys());
  const open = fold(drawn, tree, all, () => SIZE);
  assert.equal(open.items.size, 6);
  assert.equal(open.open.length, 3);
});

test("an open group is around its children, and nothing overlaps", () => {
  const drawn = chain(["", "m.a", "m.a", "m.b", "m.b", ""]);
  const tree = new Tree(drawn);
  const seen = fold(drawn, tree, new Set(tree.groups.keys()), () => SIZE);
  const { spots } = new Placer().place(seen.plan);
  const at = new Map(spots);
  apart(spots, new Set(seen.items.keys()));
  for (const group of seen.open) {
    const [x, y, width, height] = at.get(group.id) ?? [0, 0, 0, 0];
    for (const child of group.children) {
      const [x2, y2, width2, height2] = at.get(child.id) ?? [-1, -1, 0, 0];
      assert.ok(x <= x2 && y <= y2 && x2 + width2 <= x + width && y2 + height2 <= y + height);
    }
  }
});

test("long edges pass other boxes by waypoints, off those boxes", () => {
  const boxes = Array.from({ length: 5 }, () => SIZE);
  const { at, ways } = layers(boxes, [[0, 1], [1, 2], [2, 3], [3, 4], [0, 4]]);
  const way = ways[4] ?? [];
  assert.equal(way.length, 3);
  way.forEach(([, y], layer) => {
    const top = at[layer + 1]?.[1] ?? 0;
    assert.ok(y <= top || y >= top + SIZE.height);
  });
});

test("of two orders the one without crossings is found", () => {
  const boxes = Array.from({ length: 4 }, () => SIZE);
  const { at } = layers(boxes, [[0, 3], [1, 2]]);
  assert.equal(at[0]?.[1], at[3]?.[1]);
  assert.equal(at[1]?.[1], at[2]?.[1]);
});

test("twenty thousand ops begin with what can be taken in, and all of it is placed", () => {
  const paths = Array.from({ length: 20_000 }, (_, place) => `s${Math.floor(place / 2000)}.b${Math.floor(place / 50)}.m${Math.floor(place / 10)}`);
  const drawn = chain(paths);
  const tree = new Tree(drawn);
  const start = fold(drawn, tree, tree.unfolded(), () => SIZE);
  assert.ok(start.items.size > 5 && start.items.size <= 40, `${start.items.size} items`);
  const all = fold(drawn, tree, new Set(tree.groups.keys()), () => SIZE);
  const { spots } = new Placer().place(all.plan);
  assert.equal(all.items.size, 20_000);
  assert.ok(spots.every(([, spot]) => spot.every(Number.isFinite)));
});

test("without modules and functions a long program is cut into parts", () => {
  const drawn = chain(Array.from({ length: 5000 }, () => ""));
  const tree = new Tree(drawn);
  assert.ok(fold(drawn, tree, tree.unfolded(), () => SIZE).items.size <= 48);
  assert.equal(tree.boxes.size, 5000);
  assert.equal(tree.root.made.length, 5000);
});
