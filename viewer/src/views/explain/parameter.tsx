/** A parameter's element: its update, and its way through the run. */
import type { HistoryData, ProvenanceData, UpdatedData } from "../../data/wire.ts";
import { told } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import { Fitted } from "../parts/fitted.tsx";
import { Ask, Plain } from "../parts/number.tsx";
import { Part } from "../parts/part.tsx";

const WIDTH = 380;
const HEIGHT = 44;

export function UpdateView({ update, step }: { update: UpdatedData; step: number }) {
  const app = useApp();
  const change = Number(update.after.number) - Number(update.before.number);
  return (
    <Part title={<>{app.say("why-update")} <button type="button" class="link mono" onClick={() => (app.event.value = update.event)}>{update.optimizer ?? app.say("page-by-hand")}</button></>}>
      <p class="sumline">
        <span><i>{app.say("why-before")}</i><Ask link={update.before} step={step} /></span>
        <span><i>{app.say("why-change")}</i>{Number.isNaN(change) ? "–" : <Plain text={String(change)} />}</span>
        <span><i>{app.say("why-after")}</i><b>=</b> <Ask link={update.after} step={step} hue="up" /></span>
        <span><i>{app.say("why-gradient")}</i><Ask link={update.gradient} step={step} hue="gr" /></span>
      </p>
      {update.terms.map((term, place) => (
        <Fitted key={place} math={term.math ?? null}>
          {!term.math && <code>{term.symbol}</code>}
          {term.result !== undefined && <b class="up">= <Plain text={term.result} /></b>}
        </Fitted>
      ))}
    </Part>
  );
}

export function HistoryView({ history, answer }: { history: HistoryData; answer: ProvenanceData }) {
  const app = useApp();
  const { parameter } = answer;
  const last = { step: String(history.last_step), last: told(history.last).short };
  return (
    <Part title={app.say("why-run")}>
      <p class="say">{history.first === undefined ? app.say("why-run-unknown-start", last) : app.say("why-run-began", { first: told(history.first).short, ...last })}</p>
      <Curve history={history} step={answer.step} />
      {!history.every_step && <p class="fine">{app.say("why-run-some-steps", { count: history.known })}</p>}
      <p class="say">{app.say("why-run-moved")}</p>
      <table class="terms">
        <tbody>
          {history.moves.map((move) => (
            <tr key={move.step}>
              <th scope="row">
                {move.full && parameter !== undefined ? (
                  <button type="button" class="link" onClick={() => void app.inquiry.askUpdate(move.step, parameter, answer.place)}>
                    {app.say("why-step", { step: String(move.step) })}
                  </button>
                ) : app.say("why-step", { step: String(move.step) })}
              </th>
              <td><Plain text={String(Number(move.after) - Number(move.before))} /></td>
              <td class="dim"><Plain text={move.before} /> → <Plain text={move.after} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Curve({ history: { steps, values }, step }: { history: HistoryData; step: number }) {
  const known = values.filter((value): value is number => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const from = steps[0] ?? 0;
  const length = (steps.at(-1) ?? 0) - from || 1;
  const x = (at: number) => ((at - from) / length) * WIDTH;
  const points = values.flatMap((value, place) => (value === null ? [] : [`${x(steps[place] ?? 0)},${HEIGHT - ((value - low) / span) * HEIGHT}`]));
  return (
    <svg class="curve" viewBox={`-2 -3 ${WIDTH + 4} ${HEIGHT + 6}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="at" d={`M${x(step)} 0V${HEIGHT}`} />
      <polyline points={points.join(" ")} />
    </svg>
  );
}
