/** What of the tree is seen while some groups are open: items, and the edges between them. */
import type { Graph, Return } from "./graph.ts";
import type { Sized } from "./layering.ts";
import type { Plan } from "./placing.ts";
import { common, isGroup, type Group, type Item, type Tree } from "./tree.ts";

/** All edges from one item to another. */
export interface Bundle {
  readonly key: string; // `from to`
  readonly way: string; // key of the edge whose waypoints it follows
  readonly from: string;
  readonly to: string;
  flows: number; // event at which the first value is used
  readonly back: Return[]; // in the order of events
}

export interface Seen {
  readonly items: ReadonlyMap<string, Item>; // boxes and folded groups
  readonly open: readonly Group[];
  readonly bundles: readonly Bundle[];
  readonly plan: Plan;
}

/** Fold a tree; `size` gives the size of a box or a folded group. */
export function fold(graph: Graph, tree: Tree, open: ReadonlySet<string>, size: (item: Item) => Sized): Seen {
  const items = new Map<string, Item>();
  const groups: Group[] = [];
  const shown = new Map<string, string>();
  const stand = (item: Item, by: string): void => {
    shown.set(item.id, by);
    if (isGroup(item)) for (const child of item.children) stand(child, by);
  };
  const edges = new Map<Group, Map<string, readonly [number, number]>>([[tree.root, new Map()]]);
  const places = new Map<string, number>();
  const walk = (group: Group): void => {
    group.children.forEach((item, place) => {
      places.set(item.id, place);
      if (isGroup(item) && open.has(item.id)) {
        groups.push(item);
        edges.set(item, new Map());
        walk(item);
      } else {
        items.set(item.id, item);
        stand(item, item.id);
      }
    });
  };
  walk(tree.root);

  const bundles = new Map<string, Bundle>();
  for (const edge of graph.edges) {
    const from = shown.get(edge.from);
    const to = shown.get(edge.to);
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from} ${to}`;
    let bundle = bundles.get(key);
    if (!bundle) {
      const level = common(tree.parent(from), tree.parent(to));
      const [a, b] = [under(tree, from, level), under(tree, to, level)];
      edges.get(level)?.set(`${a} ${b}`, [places.get(a) ?? 0, places.get(b) ?? 0]);
      bundle = { key, way: `${a} ${b}`, from, to, flows: Infinity, back: [] };
      bundles.set(key, bundle);
    }
    bundle.flows = Math.min(bundle.flows, tree.boxes.get(edge.to)?.event ?? Infinity);
    bundle.back.push(...edge.back);
  }
  for (const bundle of bundles.values()) bundle.back.sort((a, b) => a.event - b.event);

  const plan = (item: Item): Plan =>
    isGroup(item) && edges.has(item)
      ? { id: item.id, children: item.children.map(plan), edges: [...(edges.get(item)?.values() ?? [])] }
      : { id: item.id, ...size(item) };
  return { items, open: groups, bundles: [...bundles.values()], plan: plan(tree.root) };
}

/** The child of a group that an item is, or is in. */
function under(tree: Tree, id: string, level: Group): string {
  let found = id;
  for (let outer = tree.parent(id); outer !== level && outer.parent; outer = outer.parent) found = outer.id;
  return found;
}
