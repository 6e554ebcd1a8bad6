/** The film strip: the events of the step, in groups; one click goes to each. */
import { useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { EventData } from "../data/wire.ts";
import { count } from "../model/format.ts";
import { around, groups, hue, NEAR, nameParts, seen, type Group } from "../model/strip.ts";
import { useApp } from "../state/app.ts";

const NARROW = 84; // pixels of a frame that grows narrower so that all are seen

export function Strip() {
  const app = useApp();
  const structure = app.shown.value?.structure;
  const strip = useRef<HTMLElement>(null);
  const parts = useMemo(() => (structure ? groups(structure) : []), [structure]);
  const whole = structure?.events.length ?? 0;
  const block = useComputed(() => around(app.event.value, app.shown.value?.structure.events.length ?? 0)).value;
  const shown = useMemo(() => (whole <= 3 * NEAR ? parts : seen(parts, block)), [parts, block, whole]);
  const playhead = app.event.value;
  useEffect(() => {
    const now = strip.current?.querySelector<HTMLElement>("[aria-current]");
    if (!now || !strip.current) return;
    const { left, right } = now.getBoundingClientRect();
    const frame = strip.current.getBoundingClientRect();
    if (left < frame.left + 16) strip.current.scrollBy({ left: left - frame.left - 60 });
    if (right > frame.right - 16) strip.current.scrollBy({ left: right - frame.right + 60 });
  }, [playhead, structure]);
  if (!structure) return null;
  return (
    <nav class={`film${whole * NARROW <= innerWidth ? " few" : ""}`} aria-label={app.say("page-film")} ref={strip}>
      {shown.map((part, place) => typeof part === "number"
        ? <i key={`gap${place}`} class="gap">⋯ {count(part)}</i>
        : <Part key={part.events[0]?.index} group={part} block={block} whole={whole} />)}
    </nav>
  );
}

/** One group; of a long step the frames near the playhead, and a count for what lies between. */
function Part({ group, block, whole }: { group: Group; block: number; whole: number }) {
  const app = useApp();
  const first = group.events[0]?.index ?? 0;
  const last = group.events.at(-1)?.index ?? 0;
  const state = useComputed(() => (app.event.value < first ? "todo" : app.event.value <= last ? "on" : "done")).value;
  const frames = useMemo(() => within(group.events, block, whole), [group, block, whole]);
  return (
    <div class={`ph ${state}`} style={{ "--n": frames.length }}>
      <h3>{app.say(`page-phase-${group.kind}`)}</h3>
      <div>
        {frames.map((frame) => typeof frame === "number"
          ? <i key={`gap${frame}`} class="gap">⋯ {count(frame)}</i>
          : <Frame key={frame.index} event={frame} />)}
      </div>
    </div>
  );
}

/** Events near a block, the first and the last one, and how many are left out between. */
function within(events: readonly EventData[], block: number, whole: number): (EventData | number)[] {
  const found: (EventData | number)[] = [];
  let left = 0;
  events.forEach((event, place) => {
    const ends = place === 0 || place === events.length - 1;
    if (whole <= 3 * NEAR || ends || Math.abs(event.index - block) <= NEAR) {
      if (left) found.push(left);
      left = 0;
      found.push(event);
    } else left++;
  });
  return found;
}

function Frame({ event }: { event: EventData }) {
  const app = useApp();
  const state = useComputed(() => {
    const playhead = app.event.value;
    return event.index === playhead ? "now" : event.index > playhead ? "todo" : hue(event);
  }).value;
  const [name, end] = nameParts(event.name);
  return (
    <button
      type="button"
      class={`ev ${state}`}
      aria-current={state === "now" ? "step" : undefined}
      title={`${event.name} ${event.label}`}
      onClick={() => (app.event.value = event.index)}
    >
      <span>{name}<em>{end}</em></span>{" "}
      <small>{event.index}{" "}<span>{event.label}</span></small>
    </button>
  );
}
