/** Places an unfolded graph, level by level: each group alone, its children as boxes. */
import { layers, type Placed, type Sized } from "./layering.ts";

/** A box, or an open group with what is in it. */
export interface Plan extends Partial<Sized> {
  readonly id: string;
  readonly children?: readonly Plan[];
  readonly edges?: readonly (readonly [number, number])[]; // between children, by place
}

/** `[x, y, width, height]`; flat, because it travels between threads. */
export type Spot = readonly [number, number, number, number];

export interface Placement {
  readonly spots: readonly (readonly [string, Spot])[];
  readonly ways: readonly (readonly [string, readonly (readonly [number, number])[]])[]; // by `from to`
}

export const FRAME = { head: 26, padding: 12 } as const; // of an open group
const MARGIN = 22; // a tag has room above a box

interface Inner extends Placed {
  readonly key: number; // equal groups have equal keys
}

/** Keeps what it has laid out: a network repeats its blocks, and most of it stays folded. */
export class Placer {
  private readonly keys = new Map<string, number>();
  private readonly known = new Map<number, Placed>();

  place(root: Plan): Placement {
    const spots: [string, Spot][] = [];
    const ways: [string, (readonly [number, number])[]][] = [];
    const inner = new Map<Plan, Inner>();
    this.measure(root, inner);
    const put = (plan: Plan, x: number, y: number): void => {
      const placed = inner.get(plan);
      plan.children?.forEach((child, place) => {
        const [left, top] = placed?.at[place] ?? [0, 0];
        const size = outer(child, inner);
        spots.push([child.id, [x + left, y + top, size.width, size.height]]);
        put(child, x + left + FRAME.padding, y + top + FRAME.head);
      });
      plan.edges?.forEach(([from, to], place) => {
        const along = placed?.ways[place] ?? [];
        const ends = `${plan.children?.[from]?.id} ${plan.children?.[to]?.id}`;
        if (along.length) ways.push([ends, along.map(([left, top]) => [x + left, y + top])]);
      });
    };
    put(root, MARGIN, MARGIN);
    const all = outer(root, inner);
    spots.push([root.id, [0, 0, all.width + 2 * (MARGIN - FRAME.padding), all.height - FRAME.head - FRAME.padding + 2 * MARGIN]]);
    return { spots, ways };
  }

  private measure(plan: Plan, inner: Map<Plan, Inner>): number {
    if (!plan.children) return this.key(`${plan.width},${plan.height}`);
    const parts = plan.children.map((child) => this.measure(child, inner));
    const key = this.key(`${parts.join()}|${plan.edges?.map((edge) => edge.join(">")).join() ?? ""}`);
    let placed = this.known.get(key);
    if (!placed) {
      placed = layers(plan.children.map((child) => outer(child, inner)), plan.edges ?? []);
      this.known.set(key, placed);
    }
    inner.set(plan, { ...placed, key });
    return key;
  }

  private key(text: string): number {
    let found = this.keys.get(text);
    if (found === undefined) this.keys.set(text, (found = this.keys.size));
    return found;
  }
}

/** The size of a box; of an open group with its frame. */
function outer(plan: Plan, inner: ReadonlyMap<Plan, Inner>): Sized {
  const placed = inner.get(plan);
  if (!placed) return { width: plan.width ?? 0, height: plan.height ?? 0 };
  return { width: placed.width + 2 * FRAME.padding, height: placed.height + FRAME.head + FRAME.padding };
}
