/** Boxes in modules: what folds and unfolds. */
import type { Box, Graph } from "./graph.ts";

export interface Group {
  readonly id: string;
  name: string;
  parent: Group | null;
  children: Item[];
  readonly made: number[]; // events of the ops in it, in order
  readonly returns: number[]; // events at which their gradients come, in order
}

export type Item = Box | Group;

const MOST = 48; // children that one level shows side by side
const CHUNK = 32;
const UNFOLDED = 24; // boxes to begin with

export const isGroup = (item: Item): item is Group => "children" in item;

/** The tree of one graph. A module that is called again is a group of its own. */
export class Tree {
  readonly root: Group = group("", "", null);
  readonly parents = new Map<string, Group>(); // of boxes and groups, by id
  readonly groups = new Map<string, Group>();
  readonly boxes = new Map<string, Box>();

  constructor(graph: Graph) {
    const given: Box[] = [];
    let open: Group[] = [this.root];
    let path: readonly string[] = [];
    for (const box of graph.boxes) {
      this.boxes.set(box.id, box);
      if (box.event === null) {
        given.push(box);
        continue;
      }
      if (box.path !== path) {
        let shared = 0;
        while (shared < path.length && path[shared] === box.path[shared]) shared++;
        open = open.slice(0, shared + 1);
        path = box.path;
        for (const name of path.slice(shared)) {
          const outer = open.at(-1) ?? this.root;
          const inner = group(`${path.slice(0, open.length).join(".")}@${box.event}`, name, outer);
          outer.children.push(inner);
          open.push(inner);
        }
      }
      (open.at(-1) ?? this.root).children.push(box);
    }
    this.simplify(this.root);
    this.own(this.root);
    this.place(given, graph);
    split(this.root);
    this.own(this.root);
    this.count(this.root);
  }

  /** The group of an item; the root is the group of what it does not know. */
  parent(id: string): Group {
    return this.parents.get(id) ?? this.root;
  }

  /** What stands for a box while some groups are folded: the box, or the outermost folded one. */
  shown(id: string, open: ReadonlySet<string>): string {
    let shown = id;
    for (let outer: Group | null = this.parent(id); outer && outer !== this.root; outer = outer.parent) {
      if (!open.has(outer.id)) shown = outer.id;
    }
    return shown;
  }

  /** The groups to begin with: level by level, as long as all of it can be taken in. */
  unfolded(most = UNFOLDED): Set<string> {
    const open = new Set<string>();
    let count = this.root.children.length;
    let level = this.root.children.filter(isGroup);
    while (level.length) {
      const more = level.reduce((sum, inner) => sum + inner.children.length, 0);
      if (count - level.length + more > most) break;
      count += more - level.length;
      for (const inner of level) open.add(inner.id);
      level = level.flatMap((inner) => inner.children.filter(isGroup));
    }
    return open;
  }

  /** A group of one child is that child; groups of one group share a line. */
  private simplify(outer: Group): void {
    outer.children = outer.children.map((item) => {
      if (!isGroup(item)) return item;
      this.simplify(item);
      const only = item.children.length === 1 ? item.children[0] : undefined;
      if (!only) return item;
      if (isGroup(only)) only.name = `${item.name}.${only.name}`;
      return only;
    });
  }

  private own(outer: Group): void {
    for (const item of outer.children) {
      this.parents.set(item.id, outer);
      if (!isGroup(item)) continue;
      item.parent = outer;
      this.groups.set(item.id, item);
      this.own(item);
    }
  }

  /** A parameter or an input stands in the innermost group of all that use it. */
  private place(given: readonly Box[], graph: Graph): void {
    const homes = new Map<string, Group>();
    for (const { from, to } of graph.edges) {
      if (this.parents.has(from)) continue;
      const user = this.parent(to);
      const known = homes.get(from);
      homes.set(from, known ? common(known, user) : user);
    }
    const first = new Map<Group, Box[]>();
    for (const box of given) {
      const home = homes.get(box.id) ?? this.root;
      const boxes = first.get(home);
      if (boxes) boxes.push(box);
      else first.set(home, [box]);
    }
    for (const [home, boxes] of first) home.children.unshift(...boxes);
  }

  private count(outer: Group): void {
    for (const item of outer.children) {
      if (isGroup(item)) {
        this.count(item);
        for (const event of item.made) outer.made.push(event);
        for (const event of item.returns) outer.returns.push(event);
      } else {
        if (item.event !== null) outer.made.push(item.event);
        for (const { event } of item.gradients ?? []) outer.returns.push(event);
      }
    }
    outer.made.sort((a, b) => a - b);
    outer.returns.sort((a, b) => a - b);
  }
}

function group(id: string, name: string, parent: Group | null): Group {
  return { id, name, parent, children: [], made: [], returns: [] };
}

/** The innermost group around two. */
export function common(a: Group, b: Group): Group {
  const around = new Set<Group>();
  for (let outer: Group | null = a; outer; outer = outer.parent) around.add(outer);
  for (let outer: Group | null = b; outer; outer = outer.parent) if (around.has(outer)) return outer;
  return a;
}

/** Neighbours of a level with too many children become groups themselves. */
function split(outer: Group): void {
  while (outer.children.length > MOST) {
    const parts: Item[] = [];
    for (let start = 0; start < outer.children.length; start += CHUNK) {
      const children = outer.children.slice(start, start + CHUNK);
      const [first, last] = [children[0], children.at(-1)];
      if (!first || !last || first === last) {
        parts.push(...children);
        continue;
      }
      const part = group(`${first.id}-${last.id}`, `${first.name} … ${last.name}`, outer);
      part.children = children;
      parts.push(part);
    }
    outer.children = parts;
  }
  for (const item of outer.children) if (isGroup(item)) split(item);
}
