/** The stage of the graph: a canvas for edges and what is far away, elements for what can be read. */
import { useComputed, useSignalEffect, type Signal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Structure } from "../../data/structure.ts";
import { fold, type Seen } from "../../model/folding.ts";
import type { Graph } from "../../model/graph.ts";
import { FOLDED, size } from "../../model/layout.ts";
import { isGroup, type Group, type Tree } from "../../model/tree.ts";
import { useApp } from "../../state/app.ts";
import { BoxView } from "./box.tsx";
import { listen } from "./gestures.ts";
import { Folded, Frame } from "./group.tsx";
import { BESIDE } from "./paint.ts";
import { place } from "./placement.ts";
import { Scene } from "./scene.ts";
import { Tip } from "./tip.tsx";

const TAG = 19; // pixels from the top of a box to that of its tag
const LETTER = 6.4; // pixels of a letter on an edge

interface Props {
  readonly structure: Structure;
  readonly graph: Graph;
  readonly tree: Tree;
  readonly open: ReadonlySet<string>;
  readonly saved: boolean;
  readonly toggle: (group: Group) => void;
  readonly scene: Signal<Scene | null>;
}

export function Stage({ structure, graph, tree, open, saved, toggle, scene }: Props) {
  const app = useApp();
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const clicked = useRef<string | null>(null);
  const [seen, setSeen] = useState<Seen | null>(null);
  const standing = useComputed(() => itemOf(graph, structure, app.event.value));
  const context = useRef({ standing, tree, open, structure });
  context.current = { standing, tree, open, structure };

  // layout effects: the boxes are placed while the browser paints the rest of the page
  useLayoutEffect(() => {
    if (!stage.current || !canvas.current || !layer.current) return;
    const made = new Scene(canvas.current, layer.current);
    scene.value = made;
    const frame = stage.current;
    const watcher = new ResizeObserver(() => made.resize(frame.clientWidth, frame.clientHeight));
    watcher.observe(frame);
    const end = listen(frame, made);
    return () => {
      end();
      watcher.disconnect();
      made.dispose();
      scene.value = null;
    };
  }, []);
  const look = useComputed(() => `${app.theme.value} ${app.current.value?.phase}`);
  useSignalEffect(() => {
    const made = scene.value;
    if (!made) return;
    look.value;
    const known = new Map<string, string>(); // styles are read when the page has taken on the new look
    made.ink = {
      of(token) {
        let found = known.get(token);
        if (found === undefined) known.set(token, (found = getComputedStyle(document.documentElement).getPropertyValue(token).trim()));
        return found;
      },
      font: made.ink?.font ?? getComputedStyle(document.body).fontFamily,
    };
    made.draw();
  });
  useLayoutEffect(() => {
    let wanted = true;
    const next = fold(graph, tree, open, (item) => (isGroup(item) ? FOLDED : size(item, structure, saved)));
    void place(next.plan).then((placement) => {
      const made = scene.peek();
      if (!wanted || !made) return;
      follow(made);
      made.show(next, placement, clicked.current);
      clicked.current = null;
      setSeen(next);
      app.placed.value = structure;
    });
    return () => void (wanted = false);
  }, [structure, graph, tree, open, saved]);
  useSignalEffect(() => {
    const made = scene.value;
    app.event.value;
    standing.value;
    if (!made) return;
    const before = made.now.peek();
    follow(made);
    if (made.now.peek() !== before) made.reveal();
    made.draw();
  });
  function follow(made: Scene): void {
    const { standing, tree, open } = context.current;
    const id = standing.peek();
    made.playhead = app.event.peek();
    made.now.value = id === null ? null : tree.shown(id, open);
  }

  const change = (group: Group): void => {
    clicked.current = group.id;
    toggle(group);
  };
  return (
    <div class="gwrap" ref={stage} onMouseLeave={() => scene.peek() && (scene.peek()!.hovered.value = null)}>
      <canvas ref={canvas} tabIndex={0} data-arrows role="img" aria-label={`${app.say("page-graph")}. ${app.say("page-graph-keys")}`} />
      <div class="graph" ref={layer}>
        {seen && scene.value && <Near scene={scene.value} seen={seen} tree={tree} saved={saved} toggle={change} />}
      </div>
      {seen && scene.value && <Hovered scene={scene.value} seen={seen} />}
    </div>
  );
}

/** The items that can be read. */
function Near({ scene, seen, tree, saved, toggle }: { scene: Scene; seen: Seen; tree: Tree; saved: boolean; toggle: (group: Group) => void }) {
  const now = scene.now.value;
  const focus = useMemo(() => (id: string | null) => void (scene.hovered.value = id), [scene]);
  const groups = useMemo(() => new Map(seen.open.map((group) => [group.id, group])), [seen]);
  return (
    <>
      {scene.near.value.map((id) => {
        const spot = scene.spots.get(id);
        const group = groups.get(id);
        const item = seen.items.get(id);
        if (!spot) return null;
        if (group) return <Frame key={id} group={group} spot={spot} toggle={toggle} />;
        if (!item) return null;
        return isGroup(item)
          ? <Folded key={id} group={item} spot={spot} toggle={toggle} now={now === id} />
          : <BoxView key={id} box={item} spot={spot} saved={saved} focus={focus} />;
      })}
      {scene.near.value.length > 0 && <Along scene={scene} tree={tree} />}
    </>
  );
}

/** What runs, above its box; the gradients of this very event, on the edges that they go along. */
function Along({ scene, tree }: { scene: Scene; tree: Tree }) {
  const app = useApp();
  const playhead = app.event.value;
  const event = app.current.value;
  const spot = scene.spots.get(scene.now.value ?? "");
  return (
    <>
      {spot && event && event.kind !== "op" && <b class="lab" style={{ left: `${spot[0] + spot[2] / 2}px`, top: `${spot[1] - TAG}px` }}>{event.name}</b>}
      {scene.routes.map(({ bundle, points: [from, to] }) => {
        const box = tree.boxes.get(bundle.from);
        if (!box || !from || !to || !bundle.back.some(({ event }) => event === playhead)) return null;
        const name = `∂/∂${box.symbol}`;
        if (name.length * LETTER > to[0] - from[0]) return null; // its box says it, too
        const [left, top] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2 + BESIDE + 4];
        return <i key={bundle.from + bundle.to} class="lab" style={{ left: `${left}px`, top: `${top}px` }}>{name}</i>;
      })}
    </>
  );
}

function Hovered({ scene, seen }: { scene: Scene; seen: Seen }) {
  const id = scene.hovered.value;
  const item = id === null ? undefined : seen.items.get(id);
  return item && id !== null ? <Tip item={item} near={scene.near.value.includes(id)} /> : null;
}

/** The box that an event is about. */
function itemOf(graph: Graph, structure: Structure, index: number): string | null {
  const event = structure.events[index];
  if (!event) return null;
  if (event.kind === "op" || event.kind === "opaque") return `op${index}`;
  if (event.kind === "node") return graph.byNode.get(event.node) ?? null;
  if (event.kind === "accumulate" || event.kind === "update" || event.kind === "grad_change") return `parameter${event.parameter}`;
  if (event.kind === "backward") return graph.byNode.get(event.root_nodes.find((node) => node !== null) ?? -1) ?? null;
  return null;
}
