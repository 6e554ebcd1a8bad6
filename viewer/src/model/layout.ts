/** Places the boxes of a graph, forward left to right. */
import { graphlib, layout as dagre } from "@dagrejs/dagre";
import type { Box, Graph } from "./graph.ts";
import type { StructureData } from "../data/wire.ts";

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, Rectangle>;
}

export const CELL = { width: 68, tight: 54, height: 20 } as const;
export const SHOWN = { rows: 6, columns: 4 } as const; // of a matrix, in a box
const HEAD = 25;
const LABEL = 17;
const PADDING = 8;
const MARGIN = 8;

/** Rows and columns that a value takes as cells, null where it is shown by its figures. */
export function cells(shape: readonly number[]): { rows: number; columns: number } | null {
  const columns = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const rows = shape.reduce((product, length) => product * length, 1) / (columns || 1);
  return shape.length <= 2 && rows <= SHOWN.rows && columns <= SHOWN.columns && rows > 0 && columns > 0
    ? { rows, columns }
    : null;
}

/** The size of a box in CSS pixels. */
export function size(box: Box, structure: StructureData): { width: number; height: number } {
  const slot = box.value === null ? undefined : structure.slots[box.value];
  const grid = slot ? cells(slot.shape) : null;
  const rows = grid?.rows ?? 1;
  const half = LABEL + rows * CELL.height + PADDING;
  const cell = (grid?.columns ?? 1) > 1 ? CELL.tight : CELL.width;
  const title = 7 * (box.name.length + (box.kind === "op" || box.kind === "loss" ? box.symbol.length : 4)) + 26;
  const width = Math.max((grid?.columns ?? 1.6) * cell + 12, Math.min(title, 170), 80);
  return { width, height: HEAD + half + (box.gradient ? half : width < 150 ? 40 : 24) };
}

export function layout(graph: Graph, structure: StructureData): Layout {
  const drawn = new graphlib.Graph();
  drawn.setGraph({ rankdir: "LR", nodesep: 20, ranksep: 32, marginx: MARGIN, marginy: MARGIN });
  drawn.setDefaultEdgeLabel(() => ({}));
  for (const box of graph.boxes) drawn.setNode(box.id, { ...size(box, structure), x: 0, y: 0 });
  for (const edge of graph.edges) drawn.setEdge(edge.from, edge.to);
  dagre(drawn);
  const places = new Map<string, Rectangle>();
  let right = 0;
  let bottom = 0;
  for (const id of drawn.nodes()) {
    const { x, y, width, height } = drawn.node(id);
    places.set(id, { x: x - width / 2, y: y - height / 2, width, height });
    right = Math.max(right, x + width / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  return { width: right + MARGIN, height: bottom + MARGIN, places };
}
