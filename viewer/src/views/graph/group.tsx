/** A module: a box while it is folded, a frame with a name while it is open. */
import { useComputed } from "@preact/signals";
import type { Spot } from "../../model/placing.ts";
import type { Group } from "../../model/tree.ts";
import { useApp } from "../../state/app.ts";
import { place } from "./box.tsx";
import { share } from "./scene.ts";

interface Props {
  readonly group: Group;
  readonly spot: Spot;
  readonly toggle: (group: Group) => void;
}

export function Folded({ group, spot, toggle, now }: Props & { now: boolean }) {
  const app = useApp();
  const made = useComputed(() => share(group.made, app.event.value)).value;
  const back = useComputed(() => share(group.returns, app.event.value)).value;
  return (
    <button type="button" class={`fold${now ? " now" : ""}${made ? "" : " todo"}`} style={place(spot)} aria-expanded={false} onClick={() => toggle(group)}>
      <b title={group.name}>{group.name}</b>
      <small>{app.say("page-ops", { count: String(group.made.length) })}</small>
      <i class="fw" style={{ "--m": made }} />
      <i class="gr" style={{ "--m": back }} />
    </button>
  );
}

export function Frame({ group, spot, toggle }: Props) {
  const [left, top, width] = spot;
  return (
    <button type="button" class="frame" style={{ left: `${left}px`, top: `${top}px`, maxWidth: `${width}px` }} aria-expanded={true} onClick={() => toggle(group)}>
      {group.name}
    </button>
  );
}
