/** What a person must know before anything else: nothing recorded, a light step, a server gone. */
import { nearestStep } from "../model/playhead.ts";
import { useApp } from "../state/app.ts";

export function Notice() {
  const app = useApp();
  const { overview } = app.recording;
  const problem = app.problem.value;
  if (problem) {
    const near = app.step.value === null ? null : nearestStep(overview, app.step.value);
    return (
      <div class="notice" role="alert">
        {app.say(problem.id, problem.args)}{" "}
        {problem.id === "page-light-step" && near !== null && (
          <button type="button" class="btn" onClick={() => app.openStep(near)}>
            {app.say("page-nearest", { step: String(near) })}
          </button>
        )}
      </div>
    );
  }
  if (app.step.value === null) return <p class="notice">{app.say("page-no-full-step")}</p>;
  if (!app.shown.value) return <p class="notice" role="status">{app.say("page-loading")}</p>;
  return null;
}
