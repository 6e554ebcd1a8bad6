/** Graph or model: what the middle pane shows. */
import { useApp } from "../../state/app.ts";

export function Tabs() {
  const app = useApp();
  const { open } = app.modelView;
  const tab = (model: boolean, id: string) => (
    <button type="button" aria-pressed={open.value === model} onClick={() => (open.value = model)}>{app.say(id)}</button>
  );
  return <h2 class="seg">{tab(false, "page-graph")}{tab(true, "model-view")}</h2>;
}
