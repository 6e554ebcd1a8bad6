/** The ledger: each parameter across a step, as far as the playhead has come. */
import type { Structure } from "../data/structure.ts";
import type { AccumulationData, EventData, UpdateData } from "../data/wire.ts";

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
  readonly changed: { readonly event: number; readonly to: Entry } | null; // `.grad`, since the contribution: cleared, clipped
  readonly updated: Entry;
  readonly update: number | null; // the event of the update
  readonly stale: number | null; // slot of what .grad still held when this step first added to it
}

const NEVER: Entry = { kind: "never" };
const slotOf = (slot: number | undefined): Entry =>
  slot === undefined ? { kind: "none" } : { kind: "slot", slot };

interface Change {
  readonly event: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** All that a step says of one parameter. */
interface History {
  readonly parameter: number;
  readonly first: number | undefined; // the slot of its value before anything changed it
  readonly accumulations: AccumulationData[];
  readonly updates: UpdateData[];
  readonly cleared: Change[]; // by zero_grad()
  readonly changes: Change[]; // of .grad other than by backward(): zero_grad(), clipping
}

const known = new WeakMap<Structure, readonly History[]>();

/** The parameters that take part in a step, in their order. */
function histories(structure: Structure): readonly History[] {
  let found = known.get(structure);
  if (!found) known.set(structure, (found = told(structure)));
  return found;
}

function told(structure: Structure): History[] {
  const slots = new Map<number, number>();
  structure.slots.forEach(({ parameter }, slot) => parameter !== undefined && !slots.has(parameter) && slots.set(parameter, slot));
  const found = new Map<number, History>();
  const of = (parameter: number): History => {
    let history = found.get(parameter);
    if (!history) found.set(parameter, (history = { parameter, first: slots.get(parameter), accumulations: [], updates: [], cleared: [], changes: [] }));
    return history;
  };
  for (const event of structure.events) {
    if (event.kind === "accumulate") of(event.parameter).accumulations.push(event);
    else if (event.kind === "update") of(event.parameter).updates.push(event);
    else if (event.kind === "zero_grad") for (const { parameter, before, after } of event.changes) {
      const change = { event: event.index, before, after };
      of(parameter).cleared.push(change);
      of(parameter).changes.push(change);
    }
    else if (event.kind === "grad_change") of(event.parameter).changes.push({ event: event.index, before: event.before, after: event.after });
  }
  const part = ({ accumulations, updates }: History): boolean => accumulations.length + updates.length > 0;
  return [...found.values()].filter(part).sort((a, b) => a.parameter - b.parameter);
}

/** How many rows the ledger of a step has. */
export const rowCount = (structure: Structure): number => histories(structure).length;

/**
 * The first rows of the ledger: one for each parameter that takes part in the step.
 *
 * With several contributions (gradient accumulation, weights used twice over several passes) a row
 * shows the one that the playhead has reached last.
 */
export function ledger(structure: Structure, playhead: number, most = Infinity): LedgerRow[] {
  return histories(structure).slice(0, most).map((history) => row(history, playhead));
}

/** The rows, of all, whose `.grad` held something when this step first added to it. */
export function staleRows(structure: Structure, playhead: number): LedgerRow[] {
  const held = histories(structure).filter(({ accumulations, updates }) => updates.length && accumulations[0]?.before !== undefined);
  return held.map((history) => row(history, playhead)).filter(({ stale }) => stale !== null);
}

function row({ parameter, first, accumulations, updates, cleared, changes }: History, playhead: number): LedgerRow {
  const reached = last(accumulations, playhead);
  const accumulation = reached ?? accumulations[0];
  const update = last(updates, playhead) ?? updates[0];
  const known = (event: EventData | undefined, slot: number | undefined): Entry =>
    event === undefined ? NEVER : event.index <= playhead ? slotOf(slot) : { kind: "later", event: event.index };
  // `.grad` before the contribution: zero_grad() in this step may still lie ahead
  const ahead = cleared.find(({ event }) => event > playhead && event <= (accumulation?.index ?? Infinity));
  const change = reached && changes.filter(({ event }) => event > reached.index && event <= playhead).at(-1);
  return {
    parameter,
    // a parameter that nothing updates here is found among the values of the step
    value: update ? slotOf(update.before) : first === undefined ? NEVER : slotOf(first),
    before: slotOf(ahead ? ahead.before : accumulation?.before),
    contribution: known(accumulation, accumulation?.contribution),
    after: known(accumulation, accumulation?.after),
    changed: change ? { event: change.event, to: slotOf(change.after) } : null,
    updated: known(update, update?.after),
    update: update?.index ?? null,
    stale: update && reached ? (accumulations[0]?.before ?? null) : null,
  };
}

const last = <T extends EventData>(events: readonly T[], playhead: number): T | undefined =>
  events.filter(({ index }) => index <= playhead).at(-1);

/** The learning rate where each update subtracts just it times the gradient, else null. */
export function plainRate(structure: Structure, number: (slot: number) => number | null): number | null {
  const used = new Set<number>();
  for (const event of structure.events) {
    if (event.kind !== "update") continue;
    if (event.name !== "SGD" || event.manual) return null;
    used.add(event.options);
  }
  const rates = new Set<number>();
  for (const options of used) {
    const option = (name: string): number => {
      const found = structure.options[options]?.find((known) => known.name === name);
      const slot = found?.slots[0];
      if (slot !== undefined) return number(slot) ?? NaN;
      return found?.constant === "True" ? 1 : Number(found?.constant === "False" ? 0 : (found?.constant ?? 0));
    };
    const others = ["momentum", "weight_decay", "dampening", "nesterov", "maximize"].map(option);
    const rate = option("lr");
    if (Number.isNaN(rate) || others.some((other) => other !== 0)) return null;
    rates.add(rate);
  }
  return rates.size === 1 ? ([...rates][0] ?? null) : null;
}
