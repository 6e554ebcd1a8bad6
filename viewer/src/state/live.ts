/** Follows a recording that is still being written, while somebody looks at the page. */
import { effect } from "@preact/signals";
import type { App } from "./app.ts";

/** Look again whenever the file has changed; the returned function ends it. */
export function followRun(app: App): () => void {
  const { recording } = app;
  let ended: AbortController | null = null;
  const stop = (): void => {
    ended?.abort();
    ended = null;
  };
  const start = (): void => {
    if (document.hidden) stop(); // a browser allows six connections to a host
    else if (!ended && recording.overview.live && recording.source.follow) {
      ended = new AbortController();
      const { signal } = ended;
      const look = changed(app, signal);
      // it ends with the run or with the server: one more look tells which
      recording.source.follow(look, signal).then(() => signal.aborted || look()).catch((error: unknown) => app.fail(error));
    }
  };
  const dispose = effect(() => {
    if (!recording.overview.live) stop();
  });
  document.addEventListener("visibilitychange", start);
  start();
  return () => {
    dispose();
    stop();
    document.removeEventListener("visibilitychange", start);
  };
}

/** What to do when the file has changed: one look at a time, and never one too few. */
function changed(app: App, signal: AbortSignal): () => void {
  let looking = false;
  let again = false;
  const look = async (): Promise<void> => {
    const live = app.recording.overview.live;
    await app.recording.refresh();
    if (signal.aborted && app.recording.overview.live) return;
    if (live && !app.recording.overview.live) app.justEnded.value = true;
    app.toNewest();
  };
  return () => {
    again = true;
    if (looking) return;
    looking = true;
    const round = async (): Promise<void> => {
      while (again) {
        again = false;
        await look();
      }
    };
    round().catch((error: unknown) => app.fail(error)).finally(() => (looking = false));
  };
}
