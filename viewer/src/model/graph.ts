/** The graph of a step: boxes for ops, parameters and data; values forward, gradients back. */
import type { Structure } from "../data/structure.ts";
import type { EventData, NamedSlot, NodeRunData, OpaqueData, OpData } from "../data/wire.ts";

export type BoxKind = "op" | "loss" | "parameter" | "data" | "opaque";

/** What a box shows from an event on; a step starts at event -1. */
export interface Moment {
  readonly event: number;
  readonly slot: number | null; // null where nothing was recorded
  readonly none?: boolean; // None in PyTorch
}

export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly name: string;
  readonly symbol: string;
  readonly event: number | null; // that makes it; null for what the step starts from
  readonly slot: number | null; // the value that its shape is taken from
  readonly values: readonly Moment[]; // several where an update gives a parameter a new one
  readonly gradients: readonly Moment[] | null; // one for each run or contribution; null: none needed
  readonly node: number | null;
  readonly saved: readonly NamedSlot[]; // kept for the backward pass
  readonly freed: number | null; // event after which that is let go
  readonly path: readonly string[]; // modules, or functions, around it
}

/** A gradient that goes back along an edge. */
export interface Return {
  readonly event: number;
  readonly slot: number | null;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly value: number; // slot that flows
  readonly back: readonly Return[]; // in the order of the passes
}

export interface Graph {
  readonly boxes: readonly Box[]; // ops in the order of their events
  readonly edges: readonly GraphEdge[];
  readonly byNode: ReadonlyMap<number, string>;
}

type Maker = OpData | OpaqueData;

/** The moment that a playhead shows, null where all lie ahead. */
export function at(moments: readonly Moment[] | null, playhead: number): Moment | null {
  let found: Moment | null = null;
  for (const moment of moments ?? []) if (moment.event <= playhead) found = moment;
  return found;
}

/** The graph of the ops that a gradient goes through, or all ops where there is no backward pass. */
export function graph(structure: Structure): Graph {
  const made = structure.events.filter((event) => event.kind === "op" || event.kind === "opaque");
  const trained = made.filter((event) => event.phase === "forward" && event.node !== undefined);
  return new Builder(structure, trained.length ? trained : made).build();
}

class Builder {
  private readonly boxes = new Map<string, Box>();
  private readonly edges: GraphEdge[] = [];
  private readonly maker: (string | undefined)[]; // slot -> box
  private readonly runs: (NodeRunData[] | undefined)[]; // node -> its runs
  private readonly arrivals = new Map<number, Int32Array>(); // pass -> by node, the last event that sends to it, else -1
  private readonly grads = new Map<number, Moment[]>(); // parameter -> its .grad
  private readonly updates = new Map<number, Moment[]>(); // parameter -> its values
  private readonly roots = new Set<number>();
  private readonly inner = new Set<string>(); // modules below the outermost one
  private readonly paths = new Map<string, readonly string[]>(); // the parts of a dotted name

  constructor(
    private readonly structure: Structure,
    private readonly ops: readonly Maker[],
  ) {
    this.maker = new Array<undefined>(structure.slots.length);
    this.runs = new Array<undefined>(structure.nodes.length);
    for (const module of new Set(ops.map((op) => op.module))) this.contain(module);
    structure.slots.forEach(({ parameter }, slot) => parameter !== undefined && this.contain(structure.symbols[slot]));
    for (const event of structure.events) this.note(event);
  }

  build(): Graph {
    for (const op of this.ops) this.op(op);
    const boxes = [...this.boxes.values()];
    const byNode = new Map<number, string>();
    for (const { node, id } of boxes) if (node !== null) byNode.set(node, id);
    return { boxes, edges: this.edges, byNode };
  }

  private note(event: EventData): void {
    if (event.kind === "node") {
      const { index, number, node } = event;
      const runs = this.runs[node];
      if (runs) runs.push(event);
      else this.runs[node] = [event];
      const arrivals = this.arrivalsOf(number);
      for (const edge of this.structure.nodes[node]?.next ?? []) if (edge) arrivals[edge.node] = index;
    } else if (event.kind === "backward") {
      for (const root of event.roots) if (root !== null) this.roots.add(root);
      const arrivals = this.arrivalsOf(event.number);
      for (const node of event.root_nodes) if (node !== null) arrivals[node] = event.index;
    } else if (event.kind === "accumulate" || event.kind === "grad_change") {
      append(this.grads, event.parameter, { event: event.index, slot: event.after ?? null });
    } else if (event.kind === "zero_grad") {
      for (const { parameter, after } of event.changes) {
        // before a contribution there is nothing to see, after one it is gone again
        if (this.grads.has(parameter)) append(this.grads, parameter, { event: event.index, slot: after ?? null, none: after === undefined });
      }
    } else if (event.kind === "update") {
      append(this.updates, event.parameter, { event: event.index, slot: event.after ?? null });
    }
  }

  private op(op: Maker): void {
    const id = `op${op.index}`;
    const slot = op.outputs.find((output) => output !== null) ?? null;
    const node = op.node === undefined ? undefined : this.structure.nodes[op.node];
    const runs = (op.node === undefined ? undefined : this.runs[op.node]) ?? [];
    this.boxes.set(id, {
      id,
      kind: slot !== null && this.roots.has(slot) ? "loss" : op.kind,
      name: op.name,
      symbol: op.label,
      event: op.index,
      slot,
      values: [{ event: op.index, slot }],
      gradients: runs.length ? runs.map((run) => this.arrival(run, op.node ?? -1)) : null,
      node: op.node ?? null,
      saved: node?.saved ?? [],
      freed: node?.freed ?? null,
      path: this.path(op),
    });
    op.inputs.forEach((value, place) => {
      if (value === null || this.structure.slots[value]?.kind === "scalar" || op.inputs.indexOf(value) < place) return;
      const from = this.maker[value] ?? this.given(value);
      this.edges.push({ from, to: id, value, back: this.returns(from, op.node, runs) });
    });
    for (const output of op.outputs) if (output !== null) this.maker[output] = id;
  }

  private arrivalsOf(pass: number): Int32Array {
    let found = this.arrivals.get(pass);
    if (!found) this.arrivals.set(pass, (found = new Int32Array(this.structure.nodes.length).fill(-1)));
    return found;
  }

  /** The gradient by an op's result is what comes into its node, as soon as all of it has come. */
  private arrival(run: NodeRunData, node: number): Moment {
    const event = this.arrivals.get(run.number)?.[node] ?? -1;
    return { event: event < 0 ? run.index : event, slot: run.grad_outputs.find((slot) => slot !== null) ?? null };
  }

  /** What the runs of a node send to the box that a value came from. */
  private returns(from: string, node: number | undefined, runs: readonly NodeRunData[]): Return[] {
    const source = this.boxes.get(from);
    if (!source?.gradients || node === undefined) return [];
    const next = this.structure.nodes[node]?.next ?? [];
    const way = next.findIndex((edge) => {
      const target = edge && this.structure.nodes[edge.node];
      if (!edge || !target) return false;
      return target.parameter === undefined ? edge.node === source.node : source.event === null && `parameter${target.parameter}` === from;
    });
    return runs.map((run) => ({ event: run.index, slot: run.grad_inputs[way] ?? null }));
  }

  private given(slot: number): string {
    const parameter = this.structure.slots[slot]?.parameter;
    const symbol = this.structure.symbols[slot] ?? "";
    const id = parameter === undefined ? `value${slot}` : `parameter${parameter}`;
    this.maker[slot] = id;
    if (!this.boxes.has(id)) {
      const start = { event: -1, slot };
      this.boxes.set(id, {
        id,
        kind: parameter === undefined ? "data" : "parameter",
        name: symbol,
        symbol,
        event: null,
        slot,
        values: parameter === undefined ? [start] : [start, ...(this.updates.get(parameter) ?? [])],
        gradients: parameter === undefined ? null : (this.grads.get(parameter) ?? null),
        node: null,
        saved: [],
        freed: null,
        path: [],
      });
    }
    return id;
  }

  /** Note all modules around a dotted name. */
  private contain(path: string | undefined): void {
    for (let dot = path?.indexOf(".") ?? -1; dot > 0; dot = path?.indexOf(".", dot + 1) ?? -1) this.inner.add(path?.slice(0, dot) ?? "");
  }

  /**
   * The modules around an op; the user's function in a program without modules.
   *
   * The outermost module goes by the name of its variable, and those in it by their paths below it:
   * a name without a dot that holds nothing by that name is an outermost one, which is all there is.
   */
  private path(op: Maker): readonly string[] {
    if (op.module) return this.parts(op.module);
    const name = op.site === undefined ? undefined : this.structure.sites[op.site]?.function;
    return this.inner.size || !name || name.startsWith("<") ? [] : [`${name}()`];
  }

  private parts(module: string): readonly string[] {
    let found = this.paths.get(module);
    if (!found) this.paths.set(module, (found = module.includes(".") || this.inner.has(module) ? module.split(".") : []));
    return found;
  }
}

function append<T>(map: Map<number, T[]>, key: number, item: T): void {
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}
