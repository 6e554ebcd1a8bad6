/** What the event does and why: formula, numbers, result, and whether they were checked. */
import type { EventData, ExplanationData } from "../../data/wire.ts";
import { useApp } from "../../state/app.ts";
import { Badge } from "../parts/badge.tsx";
import { LineView, TermView } from "./equation.tsx";
import { JacobianView } from "./jacobian.tsx";
import { Trouble } from "./trouble.tsx";
import { Why } from "./why.tsx";

export function Explain() {
  const app = useApp();
  const told = app.explanation.value;
  const event = app.current.value;
  const count = app.shown.value?.structure.events.length ?? 0;
  return (
    <section class="pane p-e" aria-live="polite">
      <header>
        <h2>{app.say("page-explain")}</h2>
        {event && (
          <span class="sub">
            {app.say(`page-phase-${event.phase}`)} · {app.say("page-event-of", { event: String(event.index), count: String(count - 1) })}
          </span>
        )}
      </header>
      {app.selection.value ? <Why chosen={app.selection.value} /> : told && <Told told={told} stale={told.event !== event?.index} />}
    </section>
  );
}

function Told({ told, stale }: { told: ExplanationData; stale: boolean }) {
  const app = useApp();
  const event = app.shown.value?.structure.events[told.event];
  const step = app.shown.value?.data.index;
  const title = app.say(told.title.id, told.title.arguments);
  return (
    <div class={`ex${stale ? " stale" : ""}`} tabIndex={0} role="group" aria-label={app.say("page-explain")}>
      <div class="head">
        <h1>{event?.name ?? title}</h1>
        <Badge check={told.check} />
      </div>
      {step !== undefined && event && !stale && <Trouble step={step} event={event} />}
      <Saying told={told} event={event} title={title} />
      {told.notes.map((note) => <p key={note.id} class="say">{app.say(note.id, note.arguments)}</p>)}
      {told.lines.map((line, place) => <LineView key={place} line={line} backward={event?.phase === "backward"} />)}
      {told.terms.map((term, place) => <TermView key={place} term={term} />)}
      {step !== undefined && !stale && ((event?.kind === "op" && event.node !== undefined) || event?.kind === "node") && (
        <JacobianView key={`${step}/${event.index}`} step={step} event={event.index} />
      )}
    </div>
  );
}

/** What happens here, in a sentence: at an op, what it computes from what; at a node, the chain rule and what it needed. */
function Saying({ told, event, title }: { told: ExplanationData; event: EventData | undefined; title: string }) {
  const app = useApp();
  const { operation, result } = told.title.arguments;
  if (event?.kind === "op" && operation !== undefined && result !== undefined) {
    const inputs = [...new Set(event.inputs.map((slot) => app.name(slot)))].filter(Boolean);
    return <p class="say">{app.say(inputs.length ? "page-computes" : "page-makes", { operation, result, inputs: inputs.join(", ") })}</p>;
  }
  const gradients = told.lines.map(({ symbol }) => symbol);
  if (event?.kind !== "node" || operation === undefined || result === undefined || !gradients.length) return <p class="say">{title}</p>;
  const node = app.shown.value?.structure.nodes[event.node];
  const kept = [...new Set((node?.saved ?? []).flatMap(({ slot }) => (slot === undefined ? [] : [app.name(slot)])).filter(Boolean))];
  return (
    <p class="say">
      {app.say("page-back", { operation, result, gradients: gradients.join(", ")})}
      {kept.length > 0 && ` ${app.say("page-back-kept", { kept: kept.join(", ") })}`}
    </p>
  );
}
