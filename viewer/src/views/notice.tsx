/** What a person must know before anything else: what went wrong, where, and what can be done. */
import type { ComponentChildren } from "preact";
import type { IncidentData } from "../data/wire.ts";
import { nearestStep, whatWentWrong } from "../model/playhead.ts";
import { useApp } from "../state/app.ts";
import { Findings } from "./findings.tsx";
import { useMedia, WIDE } from "./parts/media.ts";
import { TourOffer } from "./tour_offer.tsx";

export function Notices() {
  const app = useApp();
  const { overview } = app.recording;
  const incident = whatWentWrong(overview);
  const wide = useMedia(WIDE);
  return (
    <div class="notices">
      {!wide && <TourOffer />}
      {incident && <Incident incident={incident} />}
      <Findings />
      <State />
    </div>
  );
}

/** One line with a way on; what is urgent is read aloud at once. */
function Notice({ kind = "", urgent, children }: { kind?: string; urgent?: boolean; children: ComponentChildren }) {
  return <div class={`notice ${kind}`} role={urgent ? "alert" : "status"}>{children}</div>;
}

function State() {
  const app = useApp();
  const { overview } = app.recording;
  const problem = app.problem.value;
  const near = app.step.value === null ? null : nearestStep(overview, app.step.value);
  if (problem) {
    const away = near !== null && near !== app.step.value;
    return (
      <Notice urgent>
        {app.say(problem.id, problem.args)}{" "}
        {away && <button type="button" class="btn" onClick={() => app.openStep(near)}>{app.say("page-nearest", { step: String(near) })}</button>}
      </Notice>
    );
  }
  if (app.step.value === null) return <Notice>{app.say(overview.live ? "page-waiting" : "page-no-full-step")}</Notice>;
  if (!app.shown.value && app.recording.full(app.step.value)) return <Notice>{app.say("page-loading")}</Notice>;
  if (app.justEnded.value) return <Notice>{app.say("page-run-ended", { steps: String(overview.steps) })}</Notice>;
  return null;
}

const NUMBERS: Readonly<Record<string, string>> = { nan: "NaN", inf: "∞" }; // as the page writes them

/** What ended the run, or the first number that was not finite. */
function Incident({ incident }: { incident: IncidentData }) {
  const app = useApp();
  const { overview } = app.recording;
  const step = incident.step ?? null;
  const near = step === null || step === overview.unfinished ? step : nearestStep(overview, step);
  const place = incident.file === undefined ? "" : `${overview.files[incident.file]?.split(/[\\/]/).at(-1)}:${incident.line ?? ""}`;
  return (
    <Notice kind="wrong">
      <b>{app.say(`page-${incident.kind}`, { step: String(step ?? "") })}</b>{" "}
      <bdi class="mono">{NUMBERS[incident.text] ?? incident.text}</bdi> <bdi class="dim mono">{place}</bdi>{" "}
      {near !== null && near !== app.step.value && (
        <button type="button" class="btn" onClick={() => app.openStep(near, incident.event ?? app.event.value)}>
          {app.say("page-nearest", { step: String(near) })}
        </button>
      )}
    </Notice>
  );
}
