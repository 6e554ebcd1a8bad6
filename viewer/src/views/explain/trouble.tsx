/** What went wrong at this very event: the error that ended the run here, and what the diagnosis found. */
import type { EventData } from "../../data/wire.ts";
import { whatWentWrong } from "../../model/playhead.ts";
import { useApp } from "../../state/app.ts";

export function Trouble({ step, event }: { step: number; event: EventData }) {
  const app = useApp();
  const last = (app.shown.value?.structure.events.length ?? 0) - 1;
  const wrong = whatWentWrong(app.recording.overview);
  const ended = wrong?.kind === "exception" && wrong.step === step && Math.min(wrong.event ?? last, last) === event.index;
  const found = app.findings.value.filter((finding) => finding.step === step && (finding.event === event.index || (ended && finding.severity === "error")));
  if (!ended && !found.length) return null;
  const own = (words: Readonly<Record<string, string>>): string => words[app.language.value] ?? "";
  return (
    <div class="trouble">
      {ended && <p><b>{app.say("page-ended-here")}</b></p>}
      {found.map(({ code, name, severity, message, fix }) => (
        <p key={code}>
          <span class={`code ${severity}`}>{code} {name}</span> <bdi>{own(message)}</bdi>{" "}
          <b>{app.say("page-finding-fix")}</b> <bdi>{own(fix)}</bdi>
        </p>
      ))}
    </div>
  );
}
