/** The film strip: the events of the step, in groups; one click goes to each. */
import { useEffect, useRef } from "preact/hooks";
import type { EventData } from "../data/wire.ts";
import { groups, hue, nameParts } from "../model/strip.ts";
import { useApp } from "../state/app.ts";

export function Strip() {
  const app = useApp();
  const structure = app.shown.value?.structure;
  const strip = useRef<HTMLElement>(null);
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
    <nav class="film" aria-label={app.say("page-film")} ref={strip}>
      {groups(structure).map((group, place) => {
        const first = group.events[0]?.index ?? 0;
        const last = group.events.at(-1)?.index ?? 0;
        const state = playhead < first ? "todo" : playhead <= last ? "on" : "done";
        return (
          <div key={place} class={`ph ${state}`}>
            <h3>{app.say(`page-phase-${group.kind}`)}</h3>
            <div>{group.events.map((event) => <Frame key={event.index} event={event} />)}</div>
          </div>
        );
      })}
    </nav>
  );
}

function Frame({ event }: { event: EventData }) {
  const app = useApp();
  const playhead = app.event.value;
  const state = event.index === playhead ? "now" : event.index > playhead ? "todo" : hue(event);
  const [name, end] = nameParts(event.name);
  return (
    <button
      type="button"
      class={`ev ${state}`}
      aria-current={event.index === playhead ? "step" : undefined}
      title={`${event.name} ${event.label}`}
      onClick={() => (app.event.value = event.index)}
    >
      <span>{name}<em>{end}</em></span>
      <small>{event.index}<span>{event.label}</span></small>
    </button>
  );
}
