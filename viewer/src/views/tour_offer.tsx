/** The offer of the tour, until it is taken or declined. */
import { useApp } from "../state/app.ts";

export function TourOffer() {
  const app = useApp();
  if (app.visited.value || app.tour.value !== null || !app.shown.value) return null;
  return (
    <div class="notice offer" role="status">
      <span>{app.say("tour-offer")}</span>
      <button type="button" class="btn main" onClick={() => (app.tour.value = 0)}>{app.say("tour-start")}</button>
      <button type="button" class="btn quiet" onClick={() => (app.visited.value = true)}>{app.say("tour-decline")}</button>
    </div>
  );
}
