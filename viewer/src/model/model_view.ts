/** Pictures over two axes: grids of numbers, their contours, axes and marks. */
import type { ArrayData, BoundaryData, ExamplesData, GridData, Overview } from "../data/wire.ts";
import { neighbourStep } from "./playhead.ts";
import { decode } from "./tensor.ts";

export type Range = readonly [number, number];

/** An element of a parameter, counted in row-major order. */
export interface Element {
  readonly parameter: number;
  readonly place: number;
}
export type Pair = readonly [Element, Element];

/** Numbers over a rectangle, row after row from the low edge; what is not finite is NaN. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly values: readonly number[];
  readonly low: number;
  readonly high: number;
}

const NOT_FINITE = 255; // in a packed grid

export const numbers = (data: ArrayData): number[] => decode(data).elements.map(Number);

export function grid({ values, low, high }: GridData): Grid {
  const [rows = 1, columns = 1] = values.shape;
  const found = numbers(values);
  const unpacked = values.code === "u1"
    ? found.map((byte) => (byte === NOT_FINITE ? NaN : low + (byte / 254) * (high - low)))
    : found.map((value) => (Number.isFinite(value) ? value : NaN));
  return { columns, rows, values: unpacked, low, high };
}

/** A grid's number at a place from 0 to 1 on each axis, between four points. */
export function sample({ columns, rows, values }: Grid, across: number, up: number): number {
  const x = across * (columns - 1);
  const y = up * (rows - 1);
  const left = Math.min(Math.floor(x), Math.max(columns - 2, 0));
  const below = Math.min(Math.floor(y), Math.max(rows - 2, 0));
  const value = (column: number, row: number): number =>
    values[Math.min(row, rows - 1) * columns + Math.min(column, columns - 1)] ?? NaN;
  const mix = (a: number, b: number, share: number): number => (share === 0 ? a : a + (b - a) * share);
  const low = mix(value(left, below), value(left + 1, below), x - left);
  const high = mix(value(left, below + 1), value(left + 1, below + 1), x - left);
  return mix(low, high, y - below);
}

/** Segments (x1, y1, x2, y2, each from 0 to 1) where a field is 0: marching squares. */
export function contour(columns: number, rows: number, field: (place: number) => number): number[] {
  const found: number[] = [];
  const cut = (a: number, b: number): number => a / (a - b);
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const [a, b, c, d] = [field(at), field(at + 1), field(at + columns + 1), field(at + columns)];
      if (Number.isNaN(a + b + c + d)) continue;
      const ends: number[] = [];
      if (a > 0 !== b > 0) ends.push(column + cut(a, b), row);
      if (b > 0 !== c > 0) ends.push(column + 1, row + cut(b, c));
      if (d > 0 !== c > 0) ends.push(column + cut(d, c), row + 1);
      if (a > 0 !== d > 0) ends.push(column, row + cut(a, d));
      ends.forEach((end, place) => found.push(end / ((place % 2 ? rows : columns) - 1)));
    }
  }
  return found;
}

/** Round numbers inside a range, about so many. */
export function ticks([low, high]: Range, count: number): number[] {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

/** How a range is spread over colours: as it is, or by powers where it is wide. */
export function spread({ low, high }: Grid): (value: number) => number {
  if (!(high > low)) return () => 0;
  const wide = low > 0 && high / low > 8;
  const scale = wide ? Math.log : (value: number): number => value;
  return (value) => (scale(value) - scale(low)) / (scale(high) - scale(low));
}

/** An example as it is drawn. */
export interface Mark {
  readonly x: number;
  readonly y: number | null; // the second feature
  readonly target: number | null;
  readonly wrong: boolean;
}

/** Which of two sides a number is on: −1 to 1, 0 on the dividing line. */
export function side(value: number, [first, second]: Range): number {
  return Math.max(-1, Math.min(1, (2 * value - first - second) / (second - first)));
}

export function marks(examples: ExamplesData, boundary: BoundaryData, predicted: readonly number[] = []): Mark[] {
  const points = numbers(examples.points);
  const targets = examples.targets ? numbers(examples.targets) : [];
  const features = examples.points.shape[1] ?? 1;
  const { kind, pair } = boundary;
  return Array.from({ length: examples.points.shape[0] ?? 0 }, (_, row) => {
    const target = targets[row] ?? null;
    const told = predicted[row];
    let wrong = false;
    if (target !== null && told !== undefined) {
      if (kind === "classes") wrong = told !== target;
      else if (pair) wrong = side(told, pair) > 0 !== side(target, pair) > 0;
    }
    return { x: points[row * features] ?? NaN, y: features > 1 ? (points[row * features + 1] ?? NaN) : null, target, wrong };
  });
}

const FRAMES = 240; // about so many steps are shown of a run that is played

/** The step whose pictures are shown for a step: an exported file holds those of some steps. */
export function withPicture({ models }: Overview, step: number): number {
  return models?.filter((candidate) => candidate <= step).at(-1) ?? models?.[0] ?? step;
}

/** The step that is shown next while the run is played; the same one at the end. */
export function nextPicture(overview: Overview, step: number): number {
  if (overview.models) return overview.models.find((candidate) => candidate > step) ?? step;
  const full = overview.full.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const stride = Math.ceil(full / FRAMES);
  const next = neighbourStep(overview, step + stride - 1, 1);
  return next > step + stride - 1 ? next : neighbourStep(overview, Infinity, -1);
}
