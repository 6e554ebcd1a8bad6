/** One box: the value in its upper half, the gradient by it in the lower one. */
import type { Box } from "../../model/graph.ts";
import { shape } from "../../model/format.ts";
import type { Rectangle } from "../../model/layout.ts";
import { useApp } from "../../state/app.ts";
import { Cells, Pending } from "../parts/cells.tsx";

const MARK = { op: "", loss: "l", parameter: "p", data: "d" } as const;

export function BoxView({ box, place, now }: { box: Box; place: Rectangle; now: boolean }) {
  const app = useApp();
  const playhead = app.event.value;
  const slots = app.shown.value?.structure.slots;
  const form = (box.value === null ? undefined : slots?.[box.value]?.shape) ?? [];
  const come = box.event === null || box.event <= playhead;
  const backward = app.current.value?.phase === "backward";
  const style = { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` };
  return (
    <div
      class={`nb ${MARK[box.kind]}${now ? " now" : ""}${come ? "" : " todo"}`}
      style={style}
      onClick={() => box.event !== null && (app.event.value = box.event)}
    >
      <h3 title={box.name}>
        <b>{box.name}</b>
        {(box.kind === "op" || box.kind === "loss") && <span class="nm">{box.symbol}</span>}
        {box.kind === "data" && <span>{app.say("page-data")}</span>}
      </h3>
      <div class={`half${come ? "" : " todo"}`}>
        <p>{box.kind === "parameter" ? app.say("page-value") : box.symbol}<span>{shape(form)}</span></p>
        {come ? <Cells slot={box.value} hue="fw" /> : <Pending shape={form} />}
      </div>
      {box.gradient ? <Grad box={box} form={form} now={now && backward} /> : <p class="none">{app.say("page-no-gradient")}</p>}
    </div>
  );
}

function Grad({ box, form, now }: { box: Box; form: readonly number[]; now: boolean }) {
  const app = useApp();
  const gradient = box.gradient;
  if (!gradient) return null;
  const come = gradient.event <= app.event.value;
  return (
    <div class={`half gr${come ? "" : " todo"}${come && now ? " wr" : ""}`}>
      <p>{box.kind === "parameter" ? ".grad" : `∂/∂${box.symbol}`}</p>
      {come ? <Cells slot={gradient.slot} hue="gr" /> : <Pending shape={form} />}
    </div>
  );
}
