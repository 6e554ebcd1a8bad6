import assert from "node:assert/strict";
import { test } from "node:test";
import { readColumns } from "../src/data/columns.ts";
import { READ, type EventData, type NodeData } from "../src/data/wire.ts";

test("values of one type stand in the order of their columns", () => {
  const nodes = readColumns<NodeData>({
    NodeData: [{ of: ["A", "B"], at: [1, 0, 1] }, [null, 4, 5], [[], [[0, 1], null], []], [[["self", 3]], [], []], [null, 7, null], [null, null, 2]],
  }, READ);
  assert.deepEqual(nodes.map(({ name, op, freed, parameter }) => [name, op, freed, parameter]), [
    ["B", undefined, undefined, undefined], ["A", 4, 7, undefined], ["B", 5, undefined, 2],
  ]);
  assert.deepEqual(nodes[1]?.next, [{ node: 0, input: 1 }, null]);
  assert.deepEqual(nodes[0]?.saved, [{ name: "self", slot: 3 }]);
});

test("values of several types stand at their index", () => {
  const events = readColumns<EventData>({
    StepCallData: [[1], ["optimizer"], ["SGD"], ["step()"], [null], [null], ["step"]],
    OpData: [[0, 2], { of: ["forward"], at: [0, 0] }, ["mul", "add"], ["a0", "a2"], [0, 0], ["m", "m"], { of: ["op"], at: [0, 0] }, [[], [1]], [[0], [2]], [null, 1]],
  }, READ);
  assert.deepEqual(events.map(({ index, kind, name }) => [index, kind, name]), [[0, "op", "mul"], [1, "step", "SGD"], [2, "op", "add"]]);
});

test("nothing is nothing", () => assert.deepEqual(readColumns({}, READ), []));
