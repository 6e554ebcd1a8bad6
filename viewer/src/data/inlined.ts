/** Answers out of the page's own file, as `retrograd export` wrote them. */
import { Refused, type Source } from "./recording.ts";
import { bytes } from "../model/tensor.ts";

interface Inlined {
  readonly keys: Readonly<Record<string, number>>; // place of the answer to each question
  readonly answers: readonly string[]; // JSON each
}

export class InlinedSource implements Source {
  private constructor(private readonly inlined: Inlined) {}

  /** Unpack gzip in base64. */
  static async open(base64: string): Promise<InlinedSource> {
    const packed = new Blob([bytes(base64)]).stream();
    const text = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
    return new InlinedSource(JSON.parse(text) as Inlined);
  }

  async ask(key: string): Promise<unknown> {
    const place = this.inlined.keys[key];
    const answer = place === undefined ? undefined : this.inlined.answers[place];
    if (answer === undefined) throw new Refused("not-exported");
    return JSON.parse(answer);
  }
}
