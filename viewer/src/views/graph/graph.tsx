/** The graph: values left to right, gradients back over the same boxes, up to the playhead. */
import { useComputed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { graph } from "../../model/graph.ts";
import { Tree, type Group } from "../../model/tree.ts";
import { useApp } from "../../state/app.ts";
import { IconButton } from "../parts/icons.tsx";
import { Tabs } from "../parts/tabs.tsx";
import type { Scene } from "./scene.ts";
import { Stage } from "./stage.tsx";

const STEP = 1.25; // of zoom

export function GraphPane() {
  const app = useApp();
  const scene = useSignal<Scene | null>(null);
  const saved = useSignal(false);
  const folds = useSignal<ReadonlyMap<string, boolean>>(new Map()); // what the reader opened or closed
  const structure = useComputed(() => app.shown.value?.structure ?? null).value;
  const drawn = useMemo(() => structure && graph(structure), [structure]);
  const tree = useMemo(() => drawn && new Tree(drawn), [drawn]);
  const open = useMemo(() => {
    const found = tree?.unfolded() ?? new Set<string>();
    for (const [id, is] of folds.value) is ? found.add(id) : found.delete(id);
    return found;
  }, [tree, folds.value]);
  const toggle = useMemo(
    () => (group: Group) => void (folds.value = new Map(folds.peek()).set(group.id, !open.has(group.id))),
    [open],
  );
  const all = (is: boolean) => () => void (folds.value = new Map([...(tree?.groups.keys() ?? [])].map((id) => [id, is])));
  const keeps = drawn?.boxes.some((box) => box.saved.length > 0);
  return (
    <section class="pane p-g">
      <header>
        <Tabs />
        <span class="sub">{app.say("page-graph-directions")}</span>
        <div class="gtools">
          {keeps && (
            <button type="button" class="chip" aria-pressed={saved.value} onClick={() => (saved.value = !saved.value)}>{app.say("page-saved")}</button>
          )}
          {tree && tree.groups.size > 0 && (
            <>
              <IconButton icon="fold" label={app.say("page-fold-all")} run={all(false)} />
              <IconButton icon="unfold" label={app.say("page-unfold-all")} run={all(true)} />
            </>
          )}
          <IconButton icon="zoom-out" label={app.say("page-zoom-out")} run={() => scene.peek()?.zoom(1 / STEP)} />
          <IconButton icon="zoom-in" label={app.say("page-zoom-in")} run={() => scene.peek()?.zoom(STEP)} />
          <IconButton icon="fit" label={app.say("page-fit")} run={() => scene.peek()?.fit()} />
        </div>
      </header>
      {structure && drawn && tree && (
        <Stage structure={structure} graph={drawn} tree={tree} open={open} saved={saved.value} toggle={toggle} scene={scene} />
      )}
      <Legend />
    </section>
  );
}

function Legend() {
  const app = useApp();
  const item = (kind: string, id: string) => <span key={kind}><i class={kind} />{app.say(id)}</span>;
  return (
    <div class="legend">
      {item("a", "page-value")}{item("b", "page-gradient")}{item("w", "page-now")}
      {item("t", "page-to-come")}{item("x", "page-not-kept")}
      <span class="end" />
      {item("d1", "page-data")}{item("p1", "page-parameter")}{item("l1", "page-loss")}
    </div>
  );
}
