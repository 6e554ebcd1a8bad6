/** The recording as the page sees it: typed questions, asked once each. */
import type {
  ArrayData,
  Curves,
  ExplanationData,
  Overview,
  SourceData,
  StepData,
  StructureData,
} from "./wire.ts";

/** Where answers come from: a server, or the page's own file. Rejects with `Refused`. */
export interface Source {
  ask(key: string): Promise<unknown>;
}

/** A question without an answer; the message is for people. */
export class Refused extends Error {}

/** A step with the structure that it shares with others. */
export interface FullStep {
  readonly data: StepData;
  readonly structure: StructureData;
}

const KEPT = 64; // answers of each kind

export class Recording {
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(
    private readonly source: Source,
    readonly overview: Overview,
  ) {}

  static async open(source: Source): Promise<Recording> {
    return new Recording(source, (await source.ask("overview")) as Overview);
  }

  /** Whether a step was recorded in full. */
  full(step: number): boolean {
    const { full, unfinished } = this.overview;
    return step === unfinished || full.some(([first, last]) => first <= step && step <= last);
  }

  async step(index: number): Promise<FullStep> {
    const data = await this.ask<StepData>(`step/${index}`);
    const structure = await this.ask<StructureData>(
      `structure/${data.structure}/${index}`,
      `structure/${data.structure}`,
    );
    return { data, structure };
  }

  explanation(step: number, event: number): Promise<ExplanationData> {
    return this.ask(`explanation/${step}/${event}`);
  }

  /** All elements of a value that is too large to come along with its step. */
  tensor(step: number, slot: number): Promise<ArrayData> {
    return this.ask(`tensor/${step}/${slot}`);
  }

  file(number: number): Promise<SourceData> {
    return this.ask(`source/${number}`);
  }

  /** The curves in a window of steps; an exported file holds one window only, the whole. */
  curves(first: number, last: number, points: number): Promise<Curves> {
    if (this.overview.exported) return this.ask("curves");
    return this.ask(`curves/${first}/${last}/${points}`);
  }

  /** Ask once; `name` is what the answer is known by, where several questions share one. */
  private ask<T>(key: string, name = key): Promise<T> {
    let found = this.known.get(name);
    if (!found) {
      found = this.source.ask(key);
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
