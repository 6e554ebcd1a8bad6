/** The graph: values left to right, gradients back over the same boxes, up to the playhead. */
import { useComputed, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { StructureData } from "../../data/wire.ts";
import { graph, type Box, type Graph } from "../../model/graph.ts";
import { layout, type Layout } from "../../model/layout.ts";
import { useApp } from "../../state/app.ts";
import { BoxView } from "./box.tsx";
import { Edges } from "./edges.tsx";

const LEAST = 0.72; // zoom at which text can still be read
const MOST = 400; // boxes that are drawn as elements

export function GraphPane() {
  const app = useApp();
  const structure = useComputed(() => app.shown.value?.structure ?? null).value;
  const drawn = useMemo(() => structure && graph(structure), [structure]);
  return (
    <section class="pane p-g">
      <header><h2>{app.say("page-graph")}</h2><span class="sub">{app.say("page-graph-directions")}</span></header>
      {structure && drawn && (drawn.boxes.length > MOST
        ? <p class="hint">{app.say("page-large-graph", { count: drawn.boxes.length })}</p>
        : <Drawing structure={structure} graph={drawn} />)}
      <Legend />
    </section>
  );
}

function Drawing({ structure, graph }: { structure: StructureData; graph: Graph }) {
  const app = useApp();
  const places: Layout = useMemo(() => layout(graph, structure), [graph, structure]);
  const frame = useRef<HTMLDivElement>(null);
  const zoom = useFit(frame, places);
  const now = boxOf(graph, structure, app.event.value);
  useEffect(() => {
    const box = now && places.places.get(now.id);
    const pane = frame.current;
    if (!box || !pane) return;
    const [x, y, width, height] = [box.x * zoom, box.y * zoom, box.width * zoom, box.height * zoom];
    const left = x < pane.scrollLeft || x + width > pane.scrollLeft + pane.clientWidth;
    const top = y < pane.scrollTop || y + height > pane.scrollTop + pane.clientHeight;
    if (left) pane.scrollLeft = x + width / 2 - pane.clientWidth / 2;
    if (top) pane.scrollTop = y + height / 2 - pane.clientHeight / 2;
  }, [now, places, zoom]);
  return (
    <div class="gwrap" ref={frame} tabIndex={0} role="group" aria-label={app.say("page-graph")}>
      <div class="graph" style={{ zoom, width: `${places.width}px`, height: `${places.height}px` }}>
        <Edges graph={graph} layout={places} />
        {graph.boxes.map((box) => {
          const place = places.places.get(box.id);
          return place && <BoxView key={box.id} box={box} place={place} now={box === now} />;
        })}
      </div>
    </div>
  );
}

/** How much smaller the graph is drawn so that it fits its pane, as far as it stays legible. */
function useFit(frame: RefObject<HTMLDivElement>, { width, height }: Layout): number {
  const zoom = useSignal(1);
  useEffect(() => {
    const pane = frame.current;
    if (!pane) return;
    const fit = (): void => {
      const room = Math.min((pane.clientWidth - 16) / width, (pane.clientHeight - 16) / height);
      zoom.value = Math.max(LEAST, Math.min(1, room));
    };
    const watcher = new ResizeObserver(fit);
    watcher.observe(pane);
    return () => watcher.disconnect();
  }, [width, height]);
  return zoom.value;
}

/** The box that an event is about. */
function boxOf(graph: Graph, structure: StructureData, index: number): Box | undefined {
  const event = structure.events[index];
  if (!event) return undefined;
  if (event.kind === "op") return graph.boxes.find((box) => box.event === index);
  if (event.kind === "node") return graph.boxes.find((box) => box.node === event.node);
  if (event.kind === "accumulate" || event.kind === "update") {
    return graph.boxes.find((box) => box.id === `parameter${event.parameter}`);
  }
  if (event.kind === "backward") return graph.boxes.find((box) => event.root_nodes.includes(box.node));
  return undefined;
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
