/** Opens the recording that the page came with, and shows it. */
import { render } from "preact";
import { HttpSource } from "./data/http.ts";
import { InlinedSource } from "./data/inlined.ts";
import { Recording, Refused, type Source } from "./data/recording.ts";
import "./style/page.css";
import { parse } from "./state/address.ts";
import { App, AppProvider } from "./state/app.ts";
import { listen } from "./state/keys.ts";
import { followRun } from "./state/live.ts";
import { openCatalogue, say } from "./text/catalogue.ts";
import { Page } from "./views/page.tsx";

interface Connection {
  readonly token?: string;
  readonly step?: number | null; // that a page without one in its address opens with
  readonly recording?: string; // gzip in base64
}

const root = document.getElementById("app") as HTMLElement;
const language = navigator.language.startsWith("ko") ? "ko" : "en";

const connection = JSON.parse(document.getElementById("connection")?.textContent ?? "{}") as Connection;

async function source(): Promise<Source> {
  if (connection.recording === undefined) return new HttpSource(connection.token ?? "");
  return InlinedSource.open(connection.recording);
}

/** What the page cannot do without, and this browser lacks. */
function missing(): string | undefined {
  if (!("DecompressionStream" in window)) return "DecompressionStream";
  if (!CSS.supports("color", "color-mix(in oklab, red 50%, blue)")) return "color-mix()";
  return undefined;
}

async function open(): Promise<void> {
  const lacking = missing();
  if (lacking) throw new Refused(say(language, "page-old-browser", { missing: lacking }));
  const step = parse(location.hash).step ?? connection.step ?? null;
  const [recording] = await Promise.all([source().then((found) => Recording.open(found, step)), openCatalogue()]);
  const app = new App(recording, location.hash);
  addEventListener("hashchange", () => app.goTo(location.hash));
  listen(app);
  followRun(app);
  document.title = `${recording.overview.name} · retrograd`;
  render(<AppProvider value={app}><Page /></AppProvider>, root);
}

open().catch((error: unknown) => {
  if (!(error instanceof Error)) throw error;
  const text = error.message === "server-gone" ? say(language, "page-server-gone", { name: "" }) : error.message;
  render(<p class="alone" role="alert">{text}</p>, root);
  if (!(error instanceof Refused)) throw error;
});
