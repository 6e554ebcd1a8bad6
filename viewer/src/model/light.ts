/** The numbers of a step that was recorded light, in the order in which they are read. */
import type { LightNumber, LightStep } from "../data/wire.ts";

const OF_PARAMETER = /^(value|grad|weight_norm|grad_norm)\/(.+)$/;

export interface Known {
  readonly norm: boolean; // of the whole parameter, not one of its elements
  value?: number | undefined;
  grad?: number | undefined;
}

/** What is said of the step as a whole. */
export const single = ({ numbers }: LightStep): LightNumber[] => numbers.filter(({ name }) => !OF_PARAMETER.test(name));

/** Value and gradient of each parameter, by name: its norms, then its elements. */
export function parameters({ numbers }: LightStep): [string, Known][] {
  const found = new Map<string, Known>();
  for (const { name, value } of numbers) {
    const [, kind, of] = OF_PARAMETER.exec(name) ?? [];
    if (kind === undefined || of === undefined) continue;
    const norm = kind.endsWith("_norm");
    const known = found.get(of) ?? { norm };
    known[kind.startsWith("grad") ? "grad" : "value"] = value;
    found.set(of, known);
  }
  return [...found];
}
