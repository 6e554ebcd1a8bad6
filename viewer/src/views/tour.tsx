/** The tour of one minute, on the reader's own run: each part of the page is shown at work. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { stops } from "../model/tour.ts";
import { useApp } from "../state/app.ts";

const GAP = 10; // pixels between the part that is told of and the card

export function Tour() {
  const app = useApp();
  const card = useRef<HTMLDivElement>(null);
  const { value: number } = app.tour;
  const structure = app.shown.value?.structure;
  const all = number !== null && structure ? stops(app.recording.overview, structure) : [];
  const stop = number === null ? undefined : all[number];
  useEffect(() => {
    if (stop && stop.event !== null) app.event.value = stop.event;
    if (stop) card.current?.querySelector<HTMLElement>("button:last-child")?.focus();
  }, [stop?.id]);
  useLayoutEffect(() => {
    if (!stop || !card.current) return;
    const shown = card.current;
    const part = [...document.querySelectorAll<HTMLElement>(stop.place)].find((one) => one.offsetParent !== null || one.getClientRects().length);
    part?.classList.add("toured");
    part?.scrollIntoView({ block: "nearest" });
    const place = (): void => put(shown, part?.getBoundingClientRect());
    place();
    addEventListener("resize", place);
    addEventListener("scroll", place, true);
    return () => {
      part?.classList.remove("toured");
      removeEventListener("resize", place);
      removeEventListener("scroll", place, true);
    };
  }, [stop?.id, app.language.value]);
  if (!stop || number === null) return null;
  const end = (): void => {
    app.tour.value = null;
    app.visited.value = true;
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Escape") end();
    else if (event.key === "ArrowRight" && number + 1 < all.length) app.tour.value = number + 1;
    else if (event.key === "ArrowLeft" && number > 0) app.tour.value = number - 1;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="tour" ref={card} role="dialog" aria-labelledby="tour-title" aria-describedby="tour-text" data-arrows onKeyDown={keys}>
      <h2 id="tour-title">{app.say(`tour-${stop.id}-title`)}</h2>
      <p id="tour-text">{app.say(`tour-${stop.id}`, stop.args)}</p>
      <div>
        <span>{number + 1} / {all.length}</span>
        <button type="button" class="btn quiet" onClick={end}>{app.say("tour-end")}</button>
        {number > 0 && <button type="button" class="btn" onClick={() => (app.tour.value = number - 1)}>{app.say("tour-back")}</button>}
        <button type="button" class="btn main" onClick={number + 1 < all.length ? () => (app.tour.value = number + 1) : end}>
          {app.say(number + 1 < all.length ? "tour-next" : "tour-done")}
        </button>
      </div>
    </div>
  );
}

/** Put the card beside a part of the page: below, above, else over its lower edge. */
function put(card: HTMLElement, part: DOMRect | undefined): void {
  if (!part) return;
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = part.bottom + GAP;
  const above = part.top - GAP - height;
  const most = innerHeight - height - GAP;
  const top = below <= most ? below : above >= GAP ? above : Math.max(GAP, Math.min(part.bottom - height - GAP, most));
  const left = Math.max(GAP, Math.min(part.left + part.width / 2 - width / 2, innerWidth - width - GAP));
  card.style.top = `${top}px`;
  card.style.left = `${left}px`;
}
