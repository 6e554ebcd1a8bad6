/** The whole state in the address, so that a link reopens exactly this view. */
import type { Pair } from "../model/model_view.ts";
import { LANGUAGES, type Language } from "../text/catalogue.ts";

export type Theme = "light" | "dark";

export interface Selection {
  readonly slot: number;
  readonly place: number; // element in row-major order
}

/** A number of any step. */
export interface Asked extends Selection {
  readonly step: number;
}

export interface State {
  readonly step: number | null; // null: the page chooses
  readonly event: number | null;
  readonly language: Language | null;
  readonly theme: Theme | null;
  readonly selection: Selection | null;
  readonly trail: readonly Asked[]; // the numbers that led to the selection
  readonly aspect: "why" | "tensor";
  readonly window: readonly [number, number] | null; // steps on the timeline
  readonly model: boolean; // the model instead of the graph
  readonly pair: Pair | null; // what its loss surface lies over
}

const natural = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;

function pair(text: string | null): Pair | null {
  const [, ...found] = /^(\d{1,9})\.(\d{1,12})_(\d{1,9})\.(\d{1,12})$/.exec(text ?? "") ?? [];
  const [first = 0, place = 0, second = 0, other = 0] = found.map(Number);
  return found.length ? [{ parameter: first, place }, { parameter: second, place: other }] : null;
}

/** Read `#step=437&event=7`; what is not understood counts as not said. */
export function parse(hash: string): State {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const language = said.get("lang");
  const theme = said.get("theme");
  const chosen = /^(\d{1,9})\.(\d{1,12})$/.exec(said.get("value") ?? "");
  const trail = (said.get("from") ?? "").split("_").flatMap((text) => {
    const [, step, slot, place] = /^(\d{1,15})\.(\d{1,9})\.(\d{1,12})$/.exec(text) ?? [];
    return step ? [{ step: Number(step), slot: Number(slot), place: Number(place) }] : [];
  });
  const window = /^(\d{1,15})-(\d{1,15})$/.exec(said.get("window") ?? "");
  return {
    step: natural(said.get("step")),
    event: natural(said.get("event")),
    language: LANGUAGES.find((known) => known === language) ?? null,
    theme: theme === "light" || theme === "dark" ? theme : null,
    selection: chosen ? { slot: Number(chosen[1]), place: Number(chosen[2]) } : null,
    trail,
    aspect: said.get("of") === "tensor" ? "tensor" : "why",
    window: window ? [Number(window[1]), Number(window[2])] : null,
    model: said.get("view") === "model",
    pair: pair(said.get("over")),
  };
}

export function write(state: State): string {
  const said: string[] = [];
  if (state.step !== null) said.push(`step=${state.step}`);
  if (state.event !== null) said.push(`event=${state.event}`);
  if (state.selection) said.push(`value=${state.selection.slot}.${state.selection.place}`);
  if (state.selection && state.trail.length) {
    said.push(`from=${state.trail.map(({ step, slot, place }) => `${step}.${slot}.${place}`).join("_")}`);
  }
  if (state.selection && state.aspect === "tensor") said.push("of=tensor");
  if (state.model) said.push("view=model");
  if (state.pair) said.push(`over=${state.pair.map(({ parameter, place }) => `${parameter}.${place}`).join("_")}`);
  if (state.window) said.push(`window=${state.window.join("-")}`);
  if (state.language) said.push(`lang=${state.language}`);
  if (state.theme) said.push(`theme=${state.theme}`);
  return `#${said.join("&")}`;
}
