/** The film strip: events of a step in groups, as the user's code has its parts. */
import type { Structure } from "../data/structure.ts";
import type { EventData } from "../data/wire.ts";

export type GroupKind = EventData["phase"] | "loss";

export interface Group {
  readonly kind: GroupKind;
  readonly events: readonly EventData[];
}

/** Neighbouring events of one phase; the op that a backward pass starts from is the loss. */
export function groups(structure: Structure): Group[] {
  const roots = new Set<number>();
  for (const event of structure.events) {
    if (event.kind === "backward") for (const root of event.roots) if (root !== null) roots.add(root);
  }
  const found: { kind: GroupKind; events: EventData[] }[] = [];
  for (const event of structure.events) {
    const yields = event.kind === "op" && event.outputs.some((slot) => slot !== null && roots.has(slot));
    const kind: GroupKind = yields && event.phase === "forward" ? "loss" : event.phase;
    const last = found.at(-1);
    if (last?.kind === kind) last.events.push(event);
    else found.push({ kind, events: [event] });
  }
  return found;
}

const OFTEN = 8; // groups of one kind from which on those far away are left out

/** The groups to show around the middle of a block, with how many events are left out between them. */
export function seen(all: readonly Group[], block: number): (Group | number)[] {
  const often = (kind: GroupKind): boolean => all.filter((group) => group.kind === kind).length > OFTEN;
  const kinds = new Set([...new Set(all.map(({ kind }) => kind))].filter(often));
  const found: (Group | number)[] = [];
  let left = 0;
  for (const group of all) {
    const [first, last] = [group.events[0]?.index ?? 0, group.events.at(-1)?.index ?? 0];
    if (kinds.has(group.kind) && (first > block + NEAR || last < block - NEAR)) {
      left += group.events.length;
      continue;
    }
    if (left) found.push(left);
    left = 0;
    found.push(group);
  }
  return left ? [...found, left] : found;
}

/** The hue of an event: of forward values, of gradients, of the update, or of none. */
export function hue(event: EventData): "forward" | "backward" | "optimizer" | "plain" {
  if (event.phase === "forward") return "forward";
  if (event.phase === "backward") return "backward";
  if (event.phase === "optimizer") return "optimizer";
  return "plain";
}

/** A name as PyTorch gives it, its unimportant end apart: `Sigmoid` and `Backward0`. */
export function nameParts(name: string): [string, string] {
  const found = /^(.+?)(Backward\d*)$/.exec(name);
  return found ? [found[1] ?? name, found[2] ?? ""] : [name, ""];
}

const BLOCK = 40;
export const NEAR = 2 * BLOCK; // frames that are shown before and after the middle of a block

/** The middle of the block of events that a playhead is in; the same one for a short step. */
export function around(playhead: number, events: number): number {
  return events <= 3 * NEAR ? 0 : Math.round(playhead / BLOCK) * BLOCK;
}
