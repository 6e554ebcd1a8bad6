/** What steps share: everything but their numbers. */
import { event, READ, type ArgumentData, type EventData, type FormData, type NodeData, type SiteData, type StructureData } from "./wire.ts";

/** What is known of a value without its elements. */
export interface Slot extends FormData {
  readonly symbol: string; // the user's name for it, else one by the event that made it
}

export interface Structure {
  readonly slots: readonly Slot[];
  readonly events: readonly EventData[];
  readonly nodes: readonly NodeData[];
  readonly options: readonly (readonly ArgumentData[])[]; // hyperparameters that updates share
  readonly sites: readonly SiteData[];
}

export function structure(data: StructureData): Structure {
  const forms = data.forms.map(READ.FormData);
  return {
    slots: data.slots.map((form, slot): Slot => ({ ...(forms[form] as FormData), symbol: data.symbols[slot] ?? "" })),
    events: data.events.map(event),
    nodes: data.nodes.map(READ.NodeData),
    options: data.options.map((options) => options.map(READ.ArgumentData)),
    sites: data.sites,
  };
}
