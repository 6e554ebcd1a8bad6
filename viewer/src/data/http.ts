/** Answers from the server of `retrograd view`. */
import { Refused, type Source } from "./recording.ts";

export class HttpSource implements Source {
  constructor(private readonly token: string) {}

  async ask(key: string, trying = false): Promise<unknown> {
    return (await this.get(`data/${key}${trying ? "?try" : ""}`)).json();
  }

  async page(): Promise<Blob> {
    return (await this.get("export")).blob();
  }

  async follow(changed: () => void, signal: AbortSignal): Promise<void> {
    try {
      const reader = (await this.get("live", signal)).body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) changed();
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof Refused ? error : new Refused("server-gone");
    }
  }

  private async get(path: string, signal: AbortSignal | null = null): Promise<Response> {
    let reply: Response;
    try {
      reply = await fetch(path, { headers: { Authorization: `Bearer ${this.token}` }, signal });
    } catch {
      throw new Refused("server-gone");
    }
    if (reply.status === 410) throw new Refused("vanished");
    if (!reply.ok || reply.status === 204) throw new Refused(await reply.text());
    return reply;
  }
}
