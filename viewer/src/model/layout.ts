/** The sizes of what the graph shows, in CSS pixels. */
import type { Box } from "./graph.ts";
import type { Sized } from "./layering.ts";
import type { Structure } from "../data/structure.ts";

export const CELL = { width: 68, tight: 54, height: 20 } as const;
export const SHOWN = { rows: 6, columns: 4 } as const; // of a matrix, in a box
export const FOLDED: Sized = { width: 164, height: 62 };
const LETTER = 7.4; // of a title, in wide fonts too
const HEAD = 25;
const LABEL = 17;
const PADDING = 8;
const SAVED = 20; // the line of what is kept for the backward pass

/** Rows and columns that a value takes as cells, null where it is shown by its figures. */
export function cells(shape: readonly number[]): { rows: number; columns: number } | null {
  const columns = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const rows = shape.reduce((product, length) => product * length, 1) / (columns || 1);
  return shape.length <= 2 && rows <= SHOWN.rows && columns <= SHOWN.columns && rows > 0 && columns > 0
    ? { rows, columns }
    : null;
}

/** The size of a box. */
export function size(box: Box, structure: Structure, saved: boolean): Sized {
  const slot = box.slot === null ? undefined : structure.slots[box.slot];
  const grid = slot ? cells(slot.shape) : null;
  const rows = grid?.rows ?? 1;
  const half = LABEL + rows * CELL.height + PADDING;
  const cell = (grid?.columns ?? 1) > 1 ? CELL.tight : CELL.width;
  const title = LETTER * (box.name.length + (box.event === null ? 4 : box.symbol.length)) + 30;
  const width = Math.max((grid?.columns ?? 1.6) * cell + 12, Math.min(title, 210), 80);
  const kept = saved && box.saved.length ? SAVED : 0;
  return { width, height: HEAD + half + (box.gradients ? half : width < 150 ? 40 : 24) + kept };
}
