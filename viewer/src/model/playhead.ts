/** Where the playhead may go. */
import type { EventData, IncidentData, Overview } from "../data/wire.ts";

/** The full step next to a step in a direction; the same step where there is none. */
export function neighbourStep(overview: Overview, step: number, direction: 1 | -1): number {
  const runs = overview.unfinished === undefined
    ? overview.full
    : [...overview.full, [overview.unfinished, overview.unfinished] as const];
  if (direction > 0) {
    for (const [first, last] of runs) if (last > step) return Math.max(first, step + 1);
  } else {
    for (const [first, last] of [...runs].reverse()) if (first < step) return Math.min(last, step - 1);
  }
  return step;
}

/** The full step that is nearest to a step, null where none was recorded in full. */
export function nearestStep(overview: Overview, step: number): number | null {
  let best: number | null = null;
  const offer = (candidate: number): void => {
    if (best === null || Math.abs(candidate - step) < Math.abs(best - step)) best = candidate;
  };
  for (const [first, last] of overview.full) offer(Math.min(Math.max(step, first), last));
  if (overview.unfinished !== undefined && best === null) offer(overview.unfinished);
  return best;
}

/** The last full step, null where none was recorded in full. */
export function newestStep(overview: Overview): number | null {
  return overview.unfinished ?? overview.full.at(-1)?.[1] ?? null;
}

/** What ended the run, else the first number that was not finite. */
export function whatWentWrong({ incidents }: Overview): IncidentData | undefined {
  const first = (wanted: string) => incidents.find(({ kind }) => kind === wanted);
  return first("exception") ?? first("nonfinite");
}

/** Where a run is opened that nobody has pointed into: where it went wrong, else at its beginning. */
export function openingStep(overview: Overview): number | null {
  const step = whatWentWrong(overview)?.step ?? 0;
  return step === overview.unfinished ? step : nearestStep(overview, step);
}

/**
 * Where a step is opened: at the first node of the backward pass, when all values are there and the
 * first gradient arrives; without a backward pass at the last event. What went wrong comes first.
 */
export function openingEvent(events: readonly EventData[], wrong?: number): number {
  return wrong ?? events.find(({ kind }) => kind === "node")?.index ?? Math.max(0, events.length - 1);
}

/** The first op that made a NaN: there it began, and the backward pass only passes it on. */
export function firstNaN(events: readonly EventData[], isNaN: (slot: number) => boolean): number | undefined {
  return events.find((event) => event.kind === "op" && event.outputs.some((slot) => slot !== null && isNaN(slot)))?.index;
}

/** The next event that changes what a learner watches: a `.grad`, a parameter, or a named value. */
export function nextChange(events: readonly EventData[], event: number): number {
  const telling = (candidate: EventData): boolean =>
    candidate.kind === "accumulate" ||
    candidate.kind === "update" ||
    candidate.kind === "zero_grad" ||
    candidate.kind === "grad_change" ||
    (candidate.kind === "op" && /^[A-Za-z_]\w*$/.test(candidate.label) && !/^a\d+$/.test(candidate.label));
  return events.find((candidate) => candidate.index > event && telling(candidate))?.index ?? event;
}

/** The event just outside of, or first inside, the module of an event. */
export function acrossModule(events: readonly EventData[], event: number, direction: "in" | "out"): number {
  const here = events[event]?.module ?? "";
  const after = events.slice(event + 1);
  const inside = (path: string): boolean => path !== here && (here === "" || path.startsWith(`${here}.`));
  const found = direction === "in"
    ? after.find((candidate) => inside(candidate.module ?? ""))
    : after.find((candidate) => candidate.module !== here && !inside(candidate.module ?? ""));
  return found?.index ?? event;
}
