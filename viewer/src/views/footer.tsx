/** The keys, and what the numbers were computed with; on a phone, a tray to move with the thumb. */
import { useApp } from "../state/app.ts";
import { BRIEF } from "../state/keys.ts";
import { IconButton } from "./parts/icons.tsx";

export function Footer() {
  const app = useApp();
  const { environment } = app.recording.overview;
  return (
    <footer class="foot">
      {BRIEF.map(([keys, id]) => (
        <span key={id}>{keys.map((key) => <kbd key={key}>{key}</kbd>)} {app.say(id)}</span>
      ))}
      <span class="end">
        {environment["torch"] && `PyTorch ${environment["torch"]}`}
        {environment["device"] && ` · ${environment["device"]}`}
      </span>
    </footer>
  );
}

export function Tray() {
  const app = useApp();
  const shown = app.shown.value;
  return (
    <nav class="tray" aria-label={app.say("page-event")}>
      <IconButton icon="previous-step" label={app.say("page-previous-step")} run={() => app.moveStep(-1)} />
      <IconButton icon="previous-event" label={app.say("page-previous-event")} run={() => app.moveEvent(-1)} />
      <p>
        <b>{app.current.value?.name}</b>
        {shown && app.say("page-event-of", { event: String(app.event.value), count: String(shown.structure.events.length - 1) })}
      </p>
      <IconButton icon="next-event" label={app.say("page-next-event")} run={() => app.moveEvent(1)} />
      <IconButton icon="next-step" label={app.say("page-next-step")} run={() => app.moveStep(1)} />
    </nav>
  );
}
