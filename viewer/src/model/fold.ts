/** The array of all derivatives on its way to the gradient: where each entry lies at each stage. */
import { raster } from "./raster.ts";

/** As an array; as a matrix; its rows times v; summed to one row; that row in the input's shape. */
export type Stage = 0 | 1 | 2 | 3 | 4;

/** The stage that a step of the folding speaks of, by its message. */
export function stageOf(id: string): Stage {
  if (id.startsWith("jacobian-same-shape") || id === "jacobian-cost") return 4;
  if (id === "jacobian-fold-formula") return 3;
  if (id.endsWith("-vjp") || id === "jacobian-vjp-summed") return 2;
  return ["jacobian-fold-indices", "jacobian-fold-element", "jacobian-fold-entry", "jacobian-fold-entry-always"].includes(id) ? 0 : 1;
}

export interface Folding {
  readonly width: number; // in entries
  readonly height: number;
  /** Column and row of the derivative of output element `out` by input element `by`. */
  readonly at: (out: number, by: number) => readonly [number, number];
}

/** Where the entries lie, for an output and an input of given shapes. */
export function folding(stage: Stage, outputs: readonly number[], inputs: readonly number[]): Folding {
  const rows = outputs.reduce((product, length) => product * length, 1);
  const columns = inputs.reduce((product, length) => product * length, 1);
  const [outer, inner] = [raster(outputs), raster(inputs)];
  if (stage === 0) {
    const [wide, high] = [inner.columns + 1, inner.rows + 1];
    return {
      width: outer.columns * wide - 1,
      height: outer.rows * high - 1,
      at: (out, by) => {
        const [tileRow, tileColumn] = outer.at(out);
        const [row, column] = inner.at(by);
        return [tileColumn * wide + column, tileRow * high + row];
      },
    };
  }
  if (stage === 4) {
    return { width: inner.columns, height: inner.rows, at: (_, by) => [inner.at(by)[1], inner.at(by)[0]] };
  }
  const flat = stage === 3;
  return { width: columns, height: flat ? 1 : rows, at: (out, by) => [by, flat ? 0 : out] };
}
