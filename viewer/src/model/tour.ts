/** The stops of the tour: where on the page, and what of this very run is told there. */
import type { Structure } from "../data/structure.ts";
import type { EventData, Overview } from "../data/wire.ts";
import { openingEvent } from "./playhead.ts";

export interface Stop {
  readonly id: string; // its messages are tour-<id> and tour-<id>-title
  readonly place: string; // selector of the part of the page
  readonly event: number | null; // where the playhead goes
  readonly args: Readonly<Record<string, string>>;
}

/** The stops for one step of a recording; what the step lacks is left out. */
export function stops(overview: Overview, structure: Structure): readonly Stop[] {
  const { events } = structure;
  const find = (kind: EventData["kind"]): EventData | undefined => events.find((event) => event.kind === kind);
  const node = events[openingEvent(events)];
  const forward = find("op");
  const last = events.find((event) => event.kind === "update" || event.kind === "accumulate");
  const parameter = last && "parameter" in last ? overview.parameters[last.parameter] : undefined;
  const found: (Stop | null)[] = [
    { id: "timeline", place: ".time", event: null, args: { steps: String(overview.steps) } },
    { id: "film", place: ".film", event: forward?.index ?? null, args: { count: String(events.length) } },
    { id: "source", place: ".p-s", event: null, args: {} },
    node?.kind === "node" ? { id: "graph", place: ".p-g", event: node.index, args: { node: node.name } } : null,
    node ? { id: "explain", place: ".p-e", event: null, args: { node: node.name } } : null,
    parameter ? { id: "ledger", place: ".led", event: last?.index ?? null, args: { parameter: parameter.name } } : null,
    { id: "numbers", place: ".keys, .tray", event: null, args: {} },
  ];
  return found.filter((stop) => stop !== null);
}
