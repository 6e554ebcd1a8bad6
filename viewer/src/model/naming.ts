/** What the values of a step are called: the user's names, and those of gradients and states. */
import type { Structure } from "../data/structure.ts";
import type { EventData } from "../data/wire.ts";
import { indexOf } from "./tensor.ts";

const known = new WeakMap<Structure, readonly string[]>();

/** The name of each slot. */
export function names(structure: Structure, parameters: readonly { readonly name: string }[]): readonly string[] {
  let found = known.get(structure);
  if (!found) known.set(structure, (found = named(structure, parameters)));
  return found;
}

/** The name of an element, such as `weights.grad[1,0]`. */
export function elementName(name: string, shape: readonly number[], place: number): string {
  return shape.length ? `${name}[${indexOf(place, shape).join(",")}]` : name;
}

function named(structure: Structure, parameters: readonly { readonly name: string }[]): string[] {
  const found = [...structure.symbols];
  const own = structure.slots.map(({ named, parameter }, slot) => {
    const name = parameter === undefined ? undefined : parameters[parameter]?.name;
    if (name !== undefined) found[slot] = name;
    return named || parameter !== undefined;
  });
  const call = (slot: number | null | undefined, name: string): void => {
    if (slot === null || slot === undefined || own[slot] !== false) return;
    found[slot] = name;
    own[slot] = true;
  };
  const roots = structure.events.flatMap((event) => (event.kind === "backward" ? event.roots : []));
  const loss = found[roots[0] ?? -1] ?? "L";
  for (const event of structure.events) gradients(structure, event, parameters, call, (slot) => `∂${loss}/∂${found[slot] ?? ""}`);
  return found;
}

type Call = (slot: number | null | undefined, name: string) => void;

/** Name what an event says of gradients and of an optimizer's state. */
function gradients(structure: Structure, event: EventData, parameters: readonly { readonly name: string }[], call: Call, by: (slot: number) => string): void {
  if (event.kind === "node") {
    const op = structure.events[structure.nodes[event.node]?.op ?? -1];
    const outputs = op?.kind === "op" ? op.outputs : [];
    event.grad_outputs.forEach((slot, place) => {
      const output = outputs[place];
      if (output !== null && output !== undefined) call(slot, by(output));
    });
  } else if (event.kind === "backward") {
    event.gradients.forEach((slot, place) => call(slot, by(event.roots[place] ?? -1)));
  } else if (event.kind === "accumulate" || event.kind === "update" || event.kind === "grad_change") {
    const name = parameters[event.parameter]?.name ?? "";
    if (event.kind !== "update") call(event.before, `${name}.grad`);
    if (event.kind === "accumulate") call(event.contribution, `${name}.grad`);
    if (event.kind !== "update") call(event.after, `${name}.grad`);
    if (event.kind !== "update") return;
    call(event.gradient, `${name}.grad`);
    for (const state of [...event.state_before, ...event.state_after]) call(state.slot, `${name} ${state.name}`);
  }
}
