/** One box: the value in its upper half, the gradient by it in the lower one. */
import { useComputed } from "@preact/signals";
import type { EventData } from "../../data/wire.ts";
import { at, type Box } from "../../model/graph.ts";
import { shape } from "../../model/format.ts";
import type { Spot } from "../../model/placing.ts";
import { useApp } from "../../state/app.ts";
import { Cells, Pending } from "../parts/cells.tsx";

const MARK = { op: "", opaque: " q", loss: " l", parameter: " p", data: " d" } as const;

export const place = ([x, y, width, height]: Spot) => ({ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });

export function BoxView({ box, spot, saved, focus }: { box: Box; spot: Spot; saved: boolean; focus: (id: string | null) => void }) {
  const app = useApp();
  // a box is drawn anew only when something of its own changes
  const value = useComputed(() => at(box.values, app.event.value)).value;
  const gradient = useComputed(() => at(box.gradients, app.event.value)).value;
  const now = useComputed(() => isNow(box, app.current.value)).value;
  const slots = app.shown.value?.structure.slots;
  const form = (box.slot === null ? undefined : slots?.[box.slot]?.shape) ?? [];
  const updated = box.kind === "parameter" && value !== null && value.event >= 0;
  const runs = box.event === null ? 0 : (box.gradients?.length ?? 0);
  const run = gradient && box.gradients ? box.gradients.indexOf(gradient) + 1 : 0;
  const go = (event: number | null | undefined) => () => {
    if (event !== null && event !== undefined && event >= 0) app.event.value = event;
  };
  return (
    <div class={`nb${MARK[box.kind]}${now ? " now" : ""}${value ? "" : " todo"}`} style={place(spot)} onFocusIn={() => focus(box.id)} onFocusOut={() => focus(null)}>
      <h3 title={box.name}>
        <button type="button" disabled={box.event === null} aria-current={now ? "step" : undefined} onClick={go(box.event)}>
          <b>{box.name}</b>
          {box.event !== null && <span class="nm">{box.symbol}</span>}
          {box.kind === "data" && <span>{app.say("page-data")}</span>}
        </button>
      </h3>
      <div class={`half${value ? "" : " todo"}`} onClick={go(updated ? value.event : box.event)}>
        <p>{updated ? app.say("page-new-value") : box.kind === "parameter" ? app.say("page-value") : box.symbol}<span>{shape(form)}</span></p>
        {value ? <Cells slot={value.slot} hue={updated ? "up" : "fw"} /> : <Pending shape={form} />}
      </div>
      {box.gradients ? (
        <div class={`half gr${gradient ? (now && gradient.event <= app.event.peek() && app.current.peek()?.phase === "backward" ? " wr" : "") : " todo"}`} onClick={go((gradient ?? box.gradients[0])?.event)}>
          <p>{box.kind === "parameter" ? ".grad" : `∂/∂${box.symbol}`}{runs > 1 && run > 0 && <span>{run}/{runs}</span>}</p>
          {!gradient ? <Pending shape={form} /> : gradient.none ? <code class="norm">None</code> : <Cells slot={gradient.slot} hue="gr" />}
        </div>
      ) : <p class="none">{app.say("page-no-gradient")}</p>}
      {saved && box.saved.length > 0 && <Saved box={box} />}
    </div>
  );
}

/** What the node keeps for its backward formula, until it is let go. */
function Saved({ box }: { box: Box }) {
  const app = useApp();
  const state = useComputed(() => {
    const playhead = app.event.value;
    return box.event !== null && playhead < box.event ? "todo" : box.freed !== null && playhead >= box.freed ? "freed" : "kept";
  }).value;
  const symbols = app.shown.value?.structure.symbols;
  const names = box.saved.map(({ name, slot }) => (slot === undefined ? name : symbols?.[slot] ?? name)).join(", ");
  return <p class={`kept ${state}`} title={box.saved.map(({ name }) => name).join(", ")}>{app.say(state === "freed" ? "page-freed" : "page-keeps", { names })}</p>;
}

/** Whether the event is about this box: its op, a run of its node, or its parameter's turn. */
function isNow(box: Box, event: EventData | null): boolean {
  if (!event) return false;
  if (box.event === null) return [...box.values, ...(box.gradients ?? [])].some((moment) => moment.event === event.index);
  if (box.node === null || box.event === event.index) return box.event === event.index;
  return event.kind === "node" ? event.node === box.node : event.kind === "backward" && event.root_nodes.includes(box.node);
}
