/** Where the chosen number came from: the way there, the answer, and the tensor that it lies in. */
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { ProvenanceData } from "../../data/wire.ts";
import { full, shape, short } from "../../model/format.ts";
import { elementName, names } from "../../model/naming.ts";
import { useApp } from "../../state/app.ts";
import type { Asked, Selection } from "../../state/address.ts";
import { WIDE } from "../parts/media.ts";
import { useTensor } from "../parts/whole.tsx";
import { Card } from "./card.tsx";
import { GradientView, OriginView, UpstreamView } from "./answer.tsx";
import { HistoryView, UpdateView } from "./parameter.tsx";

export function Why({ chosen }: { chosen: Selection }) {
  const app = useApp();
  const { inquiry } = app;
  const step = app.shown.value?.data.index;
  if (step === undefined) return null;
  const pane = useRef<HTMLDivElement>(null);
  useEffect(() => (pane.current && !matchMedia(WIDE).matches ? keepInSight(pane.current) : undefined), [chosen, step]);
  const tensor = useTensor(chosen.slot);
  const element = tensor?.elements[chosen.place];
  const slot = app.shown.value?.structure.slots[chosen.slot];
  const aspect = inquiry.aspect.value;
  const tab = (value: "why" | "tensor", id: string) => (
    <button type="button" aria-pressed={aspect === value} onClick={() => (inquiry.aspect.value = value)}>{app.say(id)}</button>
  );
  return (
    <div class="ex asked" ref={pane} tabIndex={0} role="group" aria-label={app.say("page-ask")}>
      <Crumbs />
      <div class="head">
        <h1>
          {element === undefined || !tensor || aspect === "tensor" ? `${app.name(chosen.slot)} ${shape(slot?.shape ?? [])}` : (
            <span title={full(element, tensor.code)}>{app.say("page-where-from", { number: short(element) })}</span>
          )}
        </h1>
        <span class="seg">{tab("why", "page-origin")}{tab("tensor", "page-tensor")}</span>
      </div>
      {aspect === "tensor"
        ? <Card step={step} slot={chosen.slot} place={chosen.place} />
        : <Answer key={`${step}/${chosen.slot}/${chosen.place}`} step={step} {...chosen} />}
    </div>
  );
}

const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/** Show what was asked for, which may be far from the click; again while panes still grow, until the reader moves. */
function keepInSight(asked: HTMLElement): () => void {
  const growing = new ResizeObserver(() => asked.scrollIntoView({ block: "start" }));
  for (const pane of document.querySelectorAll(".pane")) growing.observe(pane);
  const leave = (): void => {
    growing.disconnect();
    for (const move of MOVES) removeEventListener(move, leave);
  };
  for (const move of MOVES) addEventListener(move, leave, { passive: true });
  return leave;
}

/** The numbers that led here; each one leads back. */
function Crumbs() {
  const app = useApp();
  const { inquiry } = app;
  const event = app.current.value;
  return (
    <nav class="crumbs" aria-label={app.say("page-way-back")}>
      <button type="button" class="link" onClick={() => inquiry.close()}>{event?.name ?? app.say("page-explain")}</button>
      {inquiry.trail.value.map((asked, place) => (
        <button type="button" class="link" key={place} onClick={() => inquiry.back(place)}><Name asked={asked} /></button>
      ))}
      {app.selection.value && app.shown.value && <span><Name asked={{ step: app.shown.value.data.index, ...app.selection.value }} /></span>}
    </nav>
  );
}

/** What a number of any step is called, as soon as its step is there. */
function Name({ asked }: { asked: Asked }) {
  const app = useApp();
  const name = useSignal("…");
  const here = app.shown.value?.data.index;
  useEffect(() => {
    app.recording.step(asked.step).then(
      ({ structure }) => {
        const called = names(structure, app.recording.overview.parameters)[asked.slot] ?? "";
        name.value = elementName(called, structure.slots[asked.slot]?.shape ?? [], asked.place);
      },
      () => (name.value = ""),
    );
  }, [asked.step, asked.slot, asked.place]);
  return <>{name}{asked.step !== here && <i> {app.say("why-step", { step: String(asked.step) })}</i>}</>;
}

function Answer({ step, slot, place }: Asked) {
  const app = useApp();
  const found = useSignal<ProvenanceData | string | null>(null);
  useEffect(() => {
    app.recording.why(step, slot, place).then(
      (answer) => (found.value = answer),
      (error: Error) => (found.value = error.message),
    );
  }, []);
  const answer = found.value;
  if (answer === null) return <p class="say" role="status">…</p>;
  if (typeof answer === "string") {
    return <p class="say" role="status">{answer === "not-exported" ? app.say("page-not-exported") : answer}</p>;
  }
  return (
    <>
      <p class="say"><b>{answer.kind === "gradient" ? `∂${answer.loss}/∂${answer.label}` : answer.kind === "parameter gradient" ? `${answer.label}.grad` : answer.label}</b>{answer.state && ` · ${answer.state}`} · {app.say("why-step", { step: String(answer.step) })}</p>
      {answer.origin && <OriginView origin={answer.origin} step={answer.step} />}
      {answer.upstream && <UpstreamView from={answer.upstream} step={answer.step} />}
      {answer.updates.map((update) => <UpdateView key={update.event} update={update} step={answer.step} />)}
      {answer.kind === "parameter" && answer.full && !answer.updates.length && <p class="say">{app.say("why-no-update")}</p>}
      {answer.gradient && <GradientView gradient={answer.gradient} answer={answer} />}
      {answer.history && <HistoryView history={answer.history} answer={answer} />}
    </>
  );
}
