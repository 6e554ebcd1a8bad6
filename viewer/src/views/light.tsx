/** A step that was recorded light: what is known of it, and the way to the nearest full one. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LightStep as Numbers } from "../data/wire.ts";
import { count, full, short } from "../model/format.ts";
import { parameters, single } from "../model/light.ts";
import { nearestStep } from "../model/playhead.ts";
import { useApp } from "../state/app.ts";
import { has } from "../text/catalogue.ts";
import { Norm } from "./parts/number.tsx";

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
        <>
          <table>
            <tbody>{single(found.value).map(({ name, value }) => <Single key={name} name={name} value={value} />)}</tbody>
          </table>
          <table>
            <thead><tr><th scope="col">{app.say("page-parameter")}</th><th scope="col">{app.say("page-value")}</th><th scope="col">.grad</th></tr></thead>
            <tbody>
              {parameters(found.value).map(([name, { value, grad, norm }]) => (
                <tr key={name} class={norm ? "" : "one"}>
                  <th scope="row"><bdi>{name}</bdi></th>
                  <td>{norm ? <Norm of={value} /> : <Told number={value} />}</td>
                  <td>{norm ? <Norm of={grad} /> : <Told number={grad} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </main>
  );
}

/** The numbers of the step as a whole, in the reader's words where they have some. */
function Single({ name, value }: { name: string; value: number | undefined }) {
  const app = useApp();
  const id = `page-series-${name}`;
  return <tr><th scope="row">{has(app.language.value, id) ? app.say(id) : <bdi class="mono">{name}</bdi>}</th><td><Told number={value} /></td></tr>;
}

const Told = ({ number }: { number: number | undefined }) => <span class="n" title={number === undefined ? "" : full(number, "f8")}>{number === undefined ? "NaN" : short(number)}</span>;
