/** What steps share: everything but their numbers. */
import { readColumns } from "./columns.ts";
import { READ, type ArgumentData, type EventData, type FormData, type NodeData, type SiteData, type StructureData } from "./wire.ts";

export interface Structure {
  readonly slots: readonly FormData[]; // what is known of each value without its elements; many share one
  readonly symbols: readonly string[]; // the user's name of each value, else one by the event that made it
  readonly events: readonly EventData[];
  readonly nodes: readonly NodeData[];
  readonly options: readonly (readonly ArgumentData[])[]; // hyperparameters that updates share
  readonly sites: readonly SiteData[];
}

export function structure(data: StructureData): Structure {
  const forms = data.forms.map(READ.FormData);
  return {
    slots: data.slots.map((form) => forms[form]!),
    symbols: data.symbols,
    events: readColumns(data.events, READ),
    nodes: readColumns(data.nodes, READ),
    options: data.options.map((options) => options.map(READ.ArgumentData)),
    sites: data.sites,
  };
}
