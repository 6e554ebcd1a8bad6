/** The graph of a step: boxes for ops, parameters and data; values forward, gradients back. */
import type { OpData, StructureData } from "../data/wire.ts";

export type BoxKind = "op" | "loss" | "parameter" | "data";

export interface Box {
  readonly id: string;
  readonly kind: BoxKind;
  readonly name: string;
  readonly symbol: string;
  readonly event: number | null; // that makes it; null for what the step starts from
  readonly value: number | null; // slot
  readonly gradient: Gradient | null; // null where none is needed
  readonly node: number | null;
}

/** The gradient by a box's value: which slot, and from which event on it is there. */
export interface Gradient {
  readonly slot: number | null;
  readonly event: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly value: number; // slot that flows
  readonly back: number | null; // event of the node that sends a gradient the other way
}

export interface Graph {
  readonly boxes: readonly Box[];
  readonly edges: readonly GraphEdge[];
}

/** The graph of the ops that a gradient goes through, or all ops where there is no backward pass. */
export function graph(structure: StructureData): Graph {
  const ops = structure.events.filter((event) => event.kind === "op");
  const trained = ops.filter((op) => op.phase === "forward" && op.node !== undefined);
  return new Builder(structure, trained.length ? trained : ops).build();
}

class Builder {
  private readonly boxes = new Map<string, Box>();
  private readonly edges: GraphEdge[] = [];
  private readonly maker = new Map<number, string>(); // slot -> box
  private readonly runs = new Map<number, { event: number; inputs: readonly (number | null)[] }>();
  private readonly accumulated = new Map<number, Gradient>();
  private readonly roots = new Set<number>();
  private readonly senders = new Map<number, number>(); // node -> last event that sends to it

  constructor(
    private readonly structure: StructureData,
    private readonly ops: readonly OpData[],
  ) {
    for (const event of structure.events) {
      if (event.kind === "node") {
        if (!this.runs.has(event.node)) {
          this.runs.set(event.node, { event: event.index, inputs: event.grad_outputs });
        }
        for (const edge of structure.nodes[event.node]?.next ?? []) {
          if (edge) this.senders.set(edge.node, event.index);
        }
      } else if (event.kind === "accumulate") {
        this.accumulated.set(event.parameter, { slot: event.after ?? null, event: event.index });
      } else if (event.kind === "backward") {
        for (const root of event.roots) if (root !== null) this.roots.add(root);
        for (const node of event.root_nodes) if (node !== null) this.senders.set(node, event.index);
      }
    }
  }

  build(): Graph {
    for (const op of this.ops) this.op(op);
    return { boxes: [...this.boxes.values()], edges: this.edges };
  }

  private op(op: OpData): void {
    const id = `op${op.index}`;
    const value = op.outputs.find((slot) => slot !== null) ?? null;
    this.boxes.set(id, {
      id,
      kind: value !== null && this.roots.has(value) ? "loss" : "op",
      name: op.name,
      symbol: op.label,
      event: op.index,
      value,
      gradient: this.gradient(op),
      node: op.node ?? null,
    });
    const run = op.node === undefined ? undefined : this.runs.get(op.node);
    for (const slot of new Set(op.arguments.flatMap((argument) => argument.slots))) {
      if (this.structure.slots[slot]?.kind === "scalar") continue;
      const from = this.maker.get(slot) ?? this.given(slot);
      const needs = this.boxes.get(from)?.gradient;
      this.edges.push({ from, to: id, value: slot, back: needs && run ? run.event : null });
    }
    for (const slot of op.outputs) if (slot !== null) this.maker.set(slot, id);
  }

  /** The gradient by an op's result is what comes into its node. */
  private gradient(op: OpData): Gradient | null {
    const run = op.node === undefined ? undefined : this.runs.get(op.node);
    if (!run || op.node === undefined) return null;
    const event = this.senders.get(op.node) ?? run.event;
    return { slot: run.inputs.find((slot) => slot !== null) ?? null, event };
  }

  private given(slot: number): string {
    const data = this.structure.slots[slot];
    const parameter = data?.parameter;
    const id = parameter === undefined ? `value${slot}` : `parameter${parameter}`;
    this.maker.set(slot, id);
    if (!this.boxes.has(id)) {
      this.boxes.set(id, {
        id,
        kind: parameter === undefined ? "data" : "parameter",
        name: data?.symbol ?? "",
        symbol: data?.symbol ?? "",
        event: null,
        value: slot,
        gradient: parameter === undefined ? null : (this.accumulated.get(parameter) ?? null),
        node: null,
      });
    }
    return id;
  }
}
