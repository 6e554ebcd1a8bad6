import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, write } from "../src/state/address.ts";

test("what is written is read again", () => {
  const hash = "#step=437&event=7&value=12.3&from=436.3.0_437.12.1&of=tensor&view=model&over=0.1_2.0&window=10-200&lang=ko&theme=dark";
  assert.equal(write(parse(hash)), hash);
});

test("nonsense counts as not said", () => {
  const state = parse("#step=-1&event=x&value=1&window=5&over=1.2&lang=fr&theme=pink");
  assert.deepEqual(Object.values(state), [null, null, null, null, null, [], "why", null, false, null]);
});
