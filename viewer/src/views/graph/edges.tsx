/** The arrows between boxes: values above, gradients the other way below them. */
import type { Graph } from "../../model/graph.ts";
import type { Layout, Rectangle } from "../../model/layout.ts";
import { useApp } from "../../state/app.ts";

const VALUE = 48; // below the top of a box
const APART = 16; // between a value's arrow and its gradient's

export function Edges({ graph, layout }: { graph: Graph; layout: Layout }) {
  const app = useApp();
  const playhead = app.event.value;
  const events = new Map(graph.boxes.map((box) => [box.id, box.event ?? -1]));
  return (
    <svg aria-hidden="true" width={layout.width} height={layout.height}>
      <defs>
        {["f", "g", "t", "n"].map((kind) => (
          <marker key={kind} id={`tip-${kind}`} class={`tip-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
            <path d="M0 0.5 8 4 0 7.5z" />
          </marker>
        ))}
      </defs>
      {graph.edges.map(({ from, to, back }, place) => {
        const start = layout.places.get(from);
        const end = layout.places.get(to);
        if (!start || !end) return null;
        const flows = (events.get(to) ?? 0) <= playhead;
        const kind = flows ? "f" : "t";
        const returns = back === null ? null : back === playhead ? "n" : back < playhead ? "g" : "t";
        return (
          <g key={place}>
            <path class={`e-${kind}`} d={curve(start, end, VALUE)} marker-end={`url(#tip-${kind})`} />
            {returns && <path class={`e-${returns}`} d={curve(start, end, VALUE + APART)} marker-start={`url(#tip-${returns})`} />}
          </g>
        );
      })}
    </svg>
  );
}

/** A curve from the right side of a box to the left side of another. */
function curve(start: Rectangle, end: Rectangle, below: number): string {
  const x1 = start.x + start.width + 1;
  const x2 = end.x - 2;
  const y1 = start.y + Math.min(below, start.height - 12);
  const y2 = end.y + Math.min(below, end.height - 12);
  const bend = Math.max(18, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
