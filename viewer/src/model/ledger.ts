/** The ledger: each parameter across a step, as far as the playhead has come. */
import type { EventData, StructureData } from "../data/wire.ts";

/** A value of the ledger: a slot, none at all, or what comes at a later event. */
export type Entry =
  | { readonly kind: "slot"; readonly slot: number }
  | { readonly kind: "none" } // None in PyTorch
  | { readonly kind: "later"; readonly event: number }
  | { readonly kind: "never" }; // nothing in this step

export interface LedgerRow {
  readonly parameter: number;
  readonly value: Entry;
  readonly before: Entry;
  readonly contribution: Entry;
  readonly after: Entry;
  readonly updated: Entry;
  readonly update: number | null; // the event of the update
  readonly stale: number | null; // slot of what .grad still held when this step first added to it
}

const NEVER: Entry = { kind: "never" };
const slotOf = (slot: number | undefined): Entry =>
  slot === undefined ? { kind: "none" } : { kind: "slot", slot };

/**
 * One row for each parameter that takes part in the step.
 *
 * With several contributions (gradient accumulation, weights used twice over several passes) a row
 * shows the one that the playhead has reached last.
 */
export function ledger(structure: StructureData, playhead: number): LedgerRow[] {
  const rows = new Map<number, EventData[]>();
  for (const event of structure.events) {
    if (event.kind === "accumulate" || event.kind === "update") {
      const known = rows.get(event.parameter);
      if (known) known.push(event);
      else rows.set(event.parameter, [event]);
    }
  }
  return [...rows].sort(([a], [b]) => a - b).map(([parameter, events]) => {
    const accumulations = events.filter((event) => event.kind === "accumulate");
    const updates = events.filter((event) => event.kind === "update");
    const reached = accumulations.filter((event) => event.index <= playhead).at(-1);
    const accumulation = reached ?? accumulations[0];
    const update = updates.filter((event) => event.index <= playhead).at(-1) ?? updates[0];
    const known = (event: EventData | undefined, slot: number | undefined): Entry =>
      event === undefined
        ? NEVER
        : event.index <= playhead
          ? slotOf(slot)
          : { kind: "later", event: event.index };
    return {
      parameter,
      value: update ? slotOf(update.before) : valueOf(structure, parameter),
      before: grad(structure, parameter, accumulation?.before, accumulation?.index ?? Infinity, playhead),
      contribution: known(accumulation, accumulation?.contribution),
      after: known(accumulation, accumulation?.after),
      updated: known(update, update?.after),
      update: update?.index ?? null,
      stale: update && reached ? (accumulations[0]?.before ?? null) : null,
    };
  });
}

/** A parameter that nothing updates here is found among the values of the step. */
function valueOf(structure: StructureData, parameter: number): Entry {
  const slot = structure.slots.findIndex((candidate) => candidate.parameter === parameter);
  return slot < 0 ? NEVER : { kind: "slot", slot };
}

/** `.grad` before the contribution: zero_grad() in this step may still lie ahead. */
function grad(
  structure: StructureData,
  parameter: number,
  before: number | undefined,
  contribution: number,
  playhead: number,
): Entry {
  for (const event of structure.events) {
    if (event.kind !== "zero_grad" || event.index > contribution || event.index <= playhead) continue;
    const change = event.changes.find((candidate) => candidate.parameter === parameter);
    if (change) return slotOf(change.before);
  }
  return slotOf(before);
}

/** The learning rate where each update subtracts just it times the gradient, else null. */
export function plainRate(structure: StructureData, number: (slot: number) => number | null): number | null {
  const rates = new Set<number>();
  for (const event of structure.events) {
    if (event.kind !== "update") continue;
    const option = (name: string): number => {
      const found = event.hyperparameters.find((known) => known.name === name);
      const slot = found?.slots[0];
      if (slot !== undefined) return number(slot) ?? NaN;
      return found?.constant === "True" ? 1 : Number(found?.constant === "False" ? 0 : (found?.constant ?? 0));
    };
    const others = ["momentum", "weight_decay", "dampening", "nesterov", "maximize"].map(option);
    const rate = option("lr");
    if (event.name !== "SGD" || event.manual || Number.isNaN(rate) || others.some((other) => other !== 0)) return null;
    rates.add(rate);
  }
  return rates.size === 1 ? ([...rates][0] ?? null) : null;
}
