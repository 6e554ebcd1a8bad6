/** What stands beside the lines of the source: the newest value that each line made. */
import type { Structure } from "../data/structure.ts";
import type { EventData, SiteData } from "../data/wire.ts";

export interface LineNote {
  readonly event: number; // that made it
  readonly slot: number | null;
  readonly come: boolean; // the playhead has reached it
}

export interface Running {
  readonly call: SiteData | null; // the line that runs: `loss.backward()`
  readonly origin: SiteData | null; // the expression that the event belongs to
}

/** The note of each line of a file, by line number. */
export function lineNotes(structure: Structure, file: number, playhead: number): Map<number, LineNote> {
  const found = new Map<number, LineNote>();
  for (const event of structure.events) {
    const site = event.site === undefined ? undefined : structure.sites[event.site];
    if (!site || site.file !== file || event.kind === "node") continue;
    const come = event.index <= playhead;
    const known = found.get(site.line);
    if (known?.come && !come) continue;
    found.set(site.line, { event: event.index, slot: made(event), come });
  }
  return found;
}

function made(event: EventData): number | null {
  if (event.kind === "op" || event.kind === "opaque") return event.outputs.find((slot) => slot !== null) ?? null;
  return null;
}

/** The line that runs at an event, and the expression that it goes back to. */
export function running(structure: Structure, event: EventData): Running {
  const site = siteOf(structure, event.site);
  if (event.kind !== "node") return { call: site, origin: site };
  const call = structure.events.find(
    (candidate) => candidate.kind === "backward" && candidate.number === event.number,
  );
  return { call: siteOf(structure, call?.site), origin: site };
}

/** A site; of a statement with a body (`for`, `with`) its head alone. */
function siteOf(structure: Structure, number: number | undefined): SiteData | null {
  const site = number === undefined ? undefined : structure.sites[number];
  if (!site) return null;
  const head = /^(?:async\s+)?(?:for|while|with|if)\b[^\n]*:(?=\s*\n)/.exec(site.expression)?.[0];
  return head === undefined
    ? site
    : { ...site, end_line: site.line, end_column: site.column + head.length, expression: head };
}

/** Events of a line, in order. */
export function eventsOf(structure: Structure, file: number, line: number): number[] {
  return structure.events
    .filter((event) => {
      const site = event.site === undefined ? undefined : structure.sites[event.site];
      return site !== undefined && site.file === file && site.line === line;
    })
    .map((event) => event.index);
}
