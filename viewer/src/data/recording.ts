/** The recording as the page sees it: typed questions, asked once each. */
import { signal } from "@preact/signals";
import type { Pair } from "../model/model_view.ts";
import { Values } from "../model/values.ts";
import { structure, type Structure } from "./structure.ts";
import type {
  ArrayData,
  CardData,
  Curves,
  ExamplesData,
  ExplanationData,
  FindingsData,
  JacobianData,
  NothingData,
  ModelData,
  LightStep,
  Overview,
  PathData,
  ProvenanceData,
  SourceData,
  StepData,
  SurfaceData,
} from "./wire.ts";

/** Where answers come from: a server, or the page's own file. Rejects with `Refused`; a try is no error. */
export interface Source {
  ask(key: string, trying?: boolean): Promise<unknown>;
  /** The recording as a page of its own; a source that is one already lacks it. */
  page?(): Promise<Blob>;
  /** Say when a file that is being written has changed; resolves when its run is over. */
  follow?(changed: () => void, signal: AbortSignal): Promise<void>;
}

/** A question without an answer; the message is for people. */
export class Refused extends Error {}

/** A step with the structure that it shares with others. */
export interface FullStep {
  readonly data: StepData;
  readonly structure: Structure;
  readonly values: Values;
}

const KEPT = 64; // answers of each kind

const elements = (pair: Pair): string => pair.map(({ parameter, place }) => `${parameter}/${place}`).join("/");

export class Recording {
  private readonly known = new Map<string, Promise<unknown>>();
  private readonly newest;

  constructor(
    readonly source: Source,
    overview: Overview,
    private readonly early: Map<string, Promise<unknown>> = new Map(), // answers that are on their way
  ) {
    this.newest = signal(overview);
  }

  /** What is known of the whole; while the run goes on, what was known a moment ago. */
  get overview(): Overview {
    return this.newest.value;
  }

  /** Open it at a step: a large one takes its time, and is asked for before all else is known. */
  static async open(source: Source, step: number | null): Promise<Recording> {
    const overview = source.ask("overview") as Promise<Overview>;
    const early = new Map((step === null ? [] : [`step/${step}`, `structure/${step}`]).map((key) => [key, source.ask(key, true)]));
    for (const answer of early.values()) answer.catch(() => {}); // it is asked for only where it is there
    return new Recording(source, await overview, early);
  }

  /** Look again at a file that has changed. */
  async refresh(): Promise<void> {
    const found = (await this.source.ask("overview")) as Overview;
    const open = this.newest.peek().unfinished; // it may have gone on, or be complete now
    if (open !== undefined) {
      for (const name of [...this.known.keys()]) if (name.split("/")[1] === String(open)) this.known.delete(name);
    }
    this.newest.value = found;
  }

  /** Whether a step was recorded in full. */
  full(step: number): boolean {
    const { full, unfinished } = this.overview;
    return step === unfinished || full.some(([first, last]) => first <= step && step <= last);
  }

  async step(index: number): Promise<FullStep> {
    const data = await this.ask<StepData>(`step/${index}`);
    const structure = await this.structure(data.structure, index);
    return { data, structure, values: new Values(data, structure) };
  }

  /** A structure, by its number and a step that has it. */
  private structure(number: number, index: number): Promise<Structure> {
    return this.ask(`structure/${index}`, `structure/${number}`, structure);
  }

  /** What the diagnosis says; asked anew each time, for a run that goes on may have changed it. */
  async findings(): Promise<FindingsData> {
    return (await this.source.ask("findings")) as FindingsData;
  }

  /** What is known of a step that was recorded light. */
  light(step: number): Promise<LightStep> {
    return this.ask(`light/${step}`);
  }

  explanation(step: number, event: number): Promise<ExplanationData> {
    return this.ask(`explanation/${step}/${event}`);
  }

  /** All elements of a value that is too large to come along with its step. */
  tensor(step: number, slot: number): Promise<ArrayData> {
    return this.ask(`tensor/${step}/${slot}`);
  }

  /** Where an element of a value came from. */
  why(step: number, slot: number, place: number): Promise<ProvenanceData> {
    return this.answer(`why/${step}/${slot}/${place}`);
  }

  /** What a value is beyond its numbers. */
  card(step: number, slot: number): Promise<CardData> {
    return this.answer(`card/${step}/${slot}`);
  }

  /** The Jacobian of an event's op; of one that is too large, the row of an output element. */
  jacobian(step: number, event: number, row?: number): Promise<JacobianData> {
    return this.answer(`jacobian/${step}/${event}${row === undefined ? "" : `/${row}`}`);
  }

  /** What the model of a step predicts over its inputs. */
  model(step: number): Promise<ModelData> {
    return this.ask(`model/${step}`);
  }

  /** The examples of the whole run; any step that has the input may be asked. */
  examples(step: number, input: string): Promise<ExamplesData> {
    return this.ask(`examples/${step}`, `examples/${input}`);
  }

  /** The loss over two elements of the parameters, by default those that move furthest. */
  surface(step: number, pair: Pair | null): Promise<SurfaceData> {
    return this.ask(`surface/${step}${pair ? `/${elements(pair)}` : ""}`);
  }

  /** The way of two elements through the run. */
  path(pair: Pair): Promise<PathData> {
    return this.ask(`path/${elements(pair)}`);
  }

  file(number: number): Promise<SourceData> {
    return this.ask(`source/${number}`);
  }

  /** The curves in a window of steps; an exported file holds one window only, the whole. */
  curves(first: number, last: number, points: number): Promise<Curves> {
    if (this.overview.exported) return this.ask("curves");
    return this.ask(`curves/${first}/${last}/${points}`);
  }

  /** Ask for what the recording may have nothing to say to: then it is refused with the reason. */
  private async answer<T extends object>(key: string): Promise<T> {
    const found = await this.ask<T | NothingData>(key);
    if ("nothing" in found) throw new Refused(found.nothing);
    return found;
  }

  /** Ask once; `name` is what the answer is known by, where several questions share one. */
  private ask<T, U = T>(key: string, name = key, read?: (answer: U) => T): Promise<T> {
    let found = this.known.get(name);
    if (!found) {
      const answer = this.early.get(key) ?? this.source.ask(key);
      this.early.delete(key);
      found = read ? answer.then((data) => read(data as U)) : answer;
      this.known.set(name, found);
      found.catch(() => this.known.delete(name)); // it may be asked again
      this.forget(name.slice(0, name.indexOf("/") + 1));
    }
    return found as Promise<T>;
  }

  private forget(kind: string): void {
    const same = [...this.known.keys()].filter((name) => name.startsWith(kind));
    for (const name of same.slice(0, Math.max(0, same.length - KEPT))) this.known.delete(name);
  }
}
