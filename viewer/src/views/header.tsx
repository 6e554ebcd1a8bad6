/** Where one is, how to move, and how to take the page along. */
import { useSignal } from "@preact/signals";
import { count, short } from "../model/format.ts";
import { useApp } from "../state/app.ts";
import { LANGUAGES } from "../text/catalogue.ts";
import { IconButton } from "./parts/icons.tsx";
import { useMedia, WIDE } from "./parts/media.ts";
import { TourOffer } from "./tour_offer.tsx";

export function Header() {
  const app = useApp();
  const { overview } = app.recording;
  const shown = app.shown.value;
  const wide = useMedia(WIDE);
  const root = shown?.structure.events.find((event) => event.kind === "backward")?.roots[0];
  const loss = app.tensor(root)?.elements[0];
  return (
    <header class="top">
      <span class="brand">retrograd</span>
      <span class="file">{overview.name}</span>
      {overview.live && (
        <button
          type="button"
          class="live"
          aria-pressed={app.following.value}
          title={app.say("page-follow")}
          onClick={() => app.follow(!app.following.value)}
        >
          {app.say("page-live")}
        </button>
      )}
      {!overview.live && !overview.complete && <span class="live cut">{app.say("page-cut-short")}</span>}
      <i class="sep" />
      <div class="fact">
        <span>{app.say("page-step")}</span><b>{count(app.step.value ?? 0)}</b><i>/ {count(overview.steps)}</i>
      </div>
      {shown && (
        <div class="fact ev-f">
          <span>{app.say("page-event")}</span><b>{app.event.value}</b><i>/ {shown.structure.events.length - 1}</i>
        </div>
      )}
      {loss !== undefined && (
        <div class="fact l"><span>{app.say("page-loss")}</span><b>{short(loss)}</b></div>
      )}
      {wide && <TourOffer />}
      <div class="keys">
        <IconButton icon="previous-step" label={app.say("page-previous-step")} run={() => app.moveStep(-1)} />
        <IconButton icon="previous-event" label={app.say("page-previous-event")} run={() => app.moveEvent(-1)} />
        <IconButton
          icon={app.playing.value ? "pause" : "play"}
          label={app.say(app.playing.value ? "page-pause" : "page-play")}
          run={() => (app.playing.value = !app.playing.value)}
        />
        <IconButton icon="next-event" label={app.say("page-next-event")} run={() => app.moveEvent(1)} />
        <IconButton icon="next-step" label={app.say("page-next-step")} run={() => app.moveStep(1)} />
        <button type="button" class="speed" title={app.say("page-speed")} aria-label={`${app.say("page-speed")}: ${app.speed.value}×`} onClick={() => app.changeSpeed(1, true)}>
          {app.speed.value}×
        </button>
      </div>
      <i class="sep" />
      {app.recording.source.page && <Export />}
      <div class="seg right" role="group" aria-label={app.say("page-language")}>
        {LANGUAGES.map((language) => (
          <button
            type="button"
            key={language}
            aria-pressed={app.language.value === language}
            onClick={() => (app.language.value = language)}
          >
            {language}
          </button>
        ))}
      </div>
      <IconButton
        icon="theme"
        label={app.say("page-theme")}
        run={() => (app.theme.value = app.theme.value === "dark" ? "light" : "dark")}
      />
    </header>
  );
}

/** Saves the recording as a page of its own. */
function Export() {
  const app = useApp();
  const busy = useSignal(false);
  const save = async (): Promise<void> => {
    busy.value = true;
    try {
      const page = await app.recording.source.page?.();
      if (!page) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(page);
      link.download = `${app.recording.overview.name.replace(/\.retro$/, "")}.html`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      app.fail(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <button type="button" class="btn export" disabled={busy.value} title={app.say("page-export-what")} onClick={() => void save()}>
      {app.say(busy.value ? "page-exporting" : "page-export")}
    </button>
  );
}
