/** Answers out of the page's own file, as `retrograd export` wrote them. */
import { Refused, type Source } from "./recording.ts";
import { unpacked } from "./packed.ts";

interface Inlined {
  readonly keys: Readonly<Record<string, number>>; // place of the answer to each question
  readonly answers: readonly string[]; // JSON each
}

export class InlinedSource implements Source {
  private constructor(private readonly inlined: Inlined) {}

  /** Unpack gzip in base64. */
  static async open(base64: string): Promise<InlinedSource> {
    return new InlinedSource(JSON.parse(await unpacked(base64)) as Inlined);
  }

  async ask(key: string): Promise<unknown> {
    const place = this.inlined.keys[key];
    const answer = place === undefined ? undefined : this.inlined.answers[place];
    if (answer === undefined) throw new Refused("not-exported");
    return JSON.parse(answer);
  }
}
