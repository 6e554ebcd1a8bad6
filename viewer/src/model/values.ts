/** The numbers of a step, by slot; elements are decoded when they are asked for. */
import type { Structure } from "../data/structure.ts";
import type { FiguresData, StepData } from "../data/wire.ts";
import { decode, ITEM, size, type Tensor } from "./tensor.ts";

const known = new WeakMap<Structure, Uint32Array>();

export class Values {
  private readonly tensors = new Map<number, Tensor>();
  private readonly others: ReadonlyMap<number, FiguresData>;

  constructor(
    private readonly data: StepData,
    private readonly structure: Structure,
  ) {
    this.others = new Map(data.figures.map((figures) => [figures.slot, figures]));
  }

  /** All elements of a slot, null where they did not come along. */
  tensor(slot: number): Tensor | null {
    const form = this.structure.slots[slot];
    if (!form?.code) return null;
    let found = this.tensors.get(slot);
    if (!found) {
      const starts = startsOf(this.structure);
      const data = this.data.elements.slice(starts[slot], starts[slot + 1]);
      this.tensors.set(slot, (found = decode({ shape: form.shape, code: form.code, data })));
    }
    return found;
  }

  /** What came along instead of elements. */
  figures(slot: number): FiguresData | undefined {
    return this.others.get(slot);
  }
}

/** Where the base64 of each slot begins: its elements are filled up to three bytes, four characters. */
function startsOf(structure: Structure): Uint32Array {
  let found = known.get(structure);
  if (!found) {
    known.set(structure, (found = new Uint32Array(structure.slots.length + 1)));
    let start = 0;
    structure.slots.forEach(({ code, shape }, slot) => {
      if (code) start += 4 * Math.ceil((size(shape) * ITEM[code]) / 3);
      found![slot + 1] = start;
    });
  }
  return found;
}
