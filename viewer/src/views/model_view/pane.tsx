/** The model in the place of the graph: its boundary, its loss surface, and why they are missing. */
import { useApp } from "../../state/app.ts";
import { Badge } from "../parts/badge.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Boundary } from "./boundary.tsx";
import { Surface } from "./surface.tsx";

export function ModelPane() {
  const app = useApp();
  const { model, surface, examples, path } = app.modelView;
  const found = model.value;
  const asked = app.shown.value?.data.index;
  return (
    <section class="pane p-g">
      <header>
        <Tabs />
        <span class="sub">{found && found.step !== asked && app.say("model-of-step", { step: found.step })}</span>
        {found && <Badge check={found.check} />}
      </header>
      <div class="mv">
        {!found && <p class="hint">{app.say("model-loading")}</p>}
        {found?.boundary && <Boundary boundary={found.boundary} others={examples.value} step={found.step} />}
        {found?.why && <p class="hint">{app.say(found.why.id, found.why.arguments)}</p>}
        {surface.value && surface.value.axes.length > 0 && <Surface surface={surface.value} path={path.value} />}
      </div>
    </section>
  );
}
