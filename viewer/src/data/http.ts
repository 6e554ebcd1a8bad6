/** Answers from the server of `retrograd view`. */
import { Refused, type Source } from "./recording.ts";

export class HttpSource implements Source {
  constructor(private readonly token: string) {}

  async ask(key: string): Promise<unknown> {
    let reply: Response;
    try {
      reply = await fetch(`data/${key}`, { headers: { Authorization: `Bearer ${this.token}` } });
    } catch {
      throw new Refused("server-gone");
    }
    if (!reply.ok) throw new Refused(await reply.text());
    return reply.json();
  }
}
