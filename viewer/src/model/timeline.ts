/** The curves as the plot wants them: one common axis of steps, low and high of each point. */
import type { Curves, FindingData, Overview } from "../data/wire.ts";

export interface Columns {
  readonly steps: number[];
  readonly bands: { readonly name: string; readonly low: (number | null)[]; readonly high: (number | null)[] }[];
}

/** Align the curves: a step that one of them lacks is a gap there. */
export function columns(curves: Curves): Columns {
  const steps = [...new Set(curves.curves.flatMap((curve) => [...curve.steps]))].sort((a, b) => a - b);
  const place = new Map(steps.map((step, at) => [step, at]));
  const bands = curves.curves.map((curve) => {
    const low: (number | null)[] = steps.map(() => null);
    const high: (number | null)[] = steps.map(() => null);
    curve.steps.forEach((step, at) => {
      const to = place.get(step) ?? 0;
      low[to] = curve.low[at] ?? null;
      high[to] = curve.high[at] ?? null;
    });
    return { name: curve.name, low, high };
  });
  return { steps, bands };
}

/** A log axis only where all values are positive, and far enough apart to need it. */
export function logarithmic(data: Columns): boolean {
  const values = data.bands.flatMap((band) => band.low).filter((value) => value !== null);
  if (!values.length) return false;
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = data.bands.flatMap((band) => band.high).reduce<number>((a, b) => Math.max(a, b ?? a), least);
  return least > 0 && most / least > 5;
}

/** The last number of a curve at or before a step. */
export function at(steps: readonly number[], values: readonly (number | null)[], step: number): number | null {
  for (let place = steps.length - 1; place >= 0; place--) {
    const here = steps[place];
    if (here !== undefined && here <= step) return values[place] ?? null;
  }
  return null;
}

export interface Mark {
  readonly kind: string;
  readonly step: number;
  readonly event?: number;
  readonly at: number; // share of the window
}

const PLACES = 20; // labels side by side
const MOST = 50; // marks side by side; the first of more at one place stands for them

/** What went wrong in a window of steps. */
export function marks({ incidents }: Overview, first: number, last: number): Mark[] {
  const found = new Map<number, Mark>();
  for (const { kind, step, event } of incidents) {
    if ((kind !== "nonfinite" && kind !== "exception") || step === undefined || step < first) continue;
    const at = Math.min(1, (step - first) / Math.max(1, last - first)); // what raised comes after the last step
    if (step > last + 1) continue;
    const place = Math.round(at * MOST);
    if (!found.has(place)) found.set(place, { kind, step, event, at });
  }
  return [...found.values()];
}

/** Findings that stand at one place of the timeline: the first one, and how many are with it. */
export interface FindingMark {
  readonly finding: FindingData;
  more: number;
  readonly at: number; // share of the window
}

/** Where in a window of steps the findings were first seen. */
export function findingMarks(findings: readonly FindingData[], first: number, last: number): FindingMark[] {
  const found = new Map<number, FindingMark>();
  for (const finding of findings) {
    const { step } = finding;
    if (step === undefined || step < first || step > last + 1) continue;
    const at = Math.min(1, (step - first) / Math.max(1, last - first));
    const place = Math.round(at * PLACES);
    const there = found.get(place);
    if (there) there.more += 1;
    else found.set(place, { finding, more: 0, at });
  }
  return [...found.values()];
}
