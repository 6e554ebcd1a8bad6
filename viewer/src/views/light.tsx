/** A step that was recorded light: what is known of it, and the way to the nearest full one. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LightStep as Numbers } from "../data/wire.ts";
import { count, short } from "../model/format.ts";
import { nearestStep } from "../model/playhead.ts";
import { useApp } from "../state/app.ts";

export function LightStep() {
  const app = useApp();
  const { overview } = app.recording;
  const step = app.step.value;
  const light = step !== null && !overview.exported && step < overview.steps && !app.recording.full(step);
  const found = useSignal<Numbers | null>(null);
  useEffect(() => {
    found.value = null;
    if (light) app.recording.light(step).then((numbers) => (found.value = numbers), (error: unknown) => app.fail(error));
  }, [light, step]);
  if (!light) return null;
  const near = nearestStep(overview, step);
  return (
    <main class="light" tabIndex={0}>
      <h2>{app.say("page-light-title", { step: count(step) })}</h2>
      <p>{app.say("page-light-step", { step: String(step) })}</p>
      {near !== null && (
        <p><button type="button" class="btn main" onClick={() => app.openStep(near)}>{app.say("page-nearest", { step: String(near) })}</button></p>
      )}
      {found.value?.step === step && (
        <table>
          <tbody>
            {found.value.numbers.map(({ name, value }) => (
              <tr key={name}><th scope="row"><bdi>{name}</bdi></th><td>{value === undefined ? "NaN" : short(value)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    </main>
  );
}
