/** Value and gradient of the box under the pointer, where its cells do not already say them. */
import { at, type Moment } from "../../model/graph.ts";
import { shape, short } from "../../model/format.ts";
import { cells } from "../../model/layout.ts";
import { figures } from "../../model/figures.ts";
import { isGroup, type Item } from "../../model/tree.ts";
import { useApp } from "../../state/app.ts";

export function Tip({ item, near }: { item: Item; near: boolean }) {
  const app = useApp();
  const playhead = app.event.value;
  if (isGroup(item)) return near ? null : <div class="tip"><b>{item.name}</b><p>{app.say("page-ops", { count: String(item.made.length) })}</p></div>;
  const data = item.slot === null ? undefined : app.shown.value?.structure.slots[item.slot];
  if (near && data && cells(data.shape)) return null;
  const line = (moment: Moment | null, label: string, hue: string) => {
    if (!moment) return <p class="dim">{label} · {app.say("page-to-come")}</p>;
    const tensor = app.tensor(moment.slot);
    const found = tensor ? figures(tensor) : app.figures(moment.slot)?.statistics;
    if (!found) return <p>{label} · {app.say("page-not-kept")}</p>;
    const say = (number: number | undefined): string => (number === undefined ? "NaN" : short(number));
    const args = { min: say(found.min), max: say(found.max), mean: say(found.mean), norm: say(found.norm) };
    return <p class={hue}>{label} · {app.say("page-figures", args)}</p>;
  };
  return (
    <div class="tip" role="status">
      <b>{item.name}</b> {item.symbol !== item.name && item.symbol} <span>{data && `${data.dtype} ${shape(data.shape)}`}</span>
      {line(at(item.values, playhead), app.say("page-value"), "f")}
      {item.gradients ? line(at(item.gradients, playhead), app.say("page-gradient"), "g") : <p class="dim">{app.say("page-no-gradient")}</p>}
    </div>
  );
}
