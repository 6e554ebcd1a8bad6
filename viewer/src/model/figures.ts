/** Figures of a tensor whose elements are all known; of the finite ones, as in a recording. */
import { magnitude, type Tensor } from "./tensor.ts";

export interface Figures {
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly norm?: number;
}

export function figures({ elements }: Tensor): Figures {
  let [min, max, sum, squares, count] = [Infinity, -Infinity, 0, 0, 0];
  for (const element of elements) {
    const number = typeof element === "object" ? magnitude(element) : Number(element);
    if (!Number.isFinite(number)) continue;
    [min, max, sum, squares, count] = [Math.min(min, number), Math.max(max, number), sum + number, squares + number ** 2, count + 1];
  }
  return count ? { min, max, mean: sum / count, norm: Math.sqrt(squares) } : {};
}
