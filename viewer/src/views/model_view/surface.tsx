/** The loss over two elements of the parameters, with the way that training took. */
import { useMemo } from "preact/hooks";
import type { AxisData, GridData, PathData, SurfaceData } from "../../data/wire.ts";
import { short } from "../../model/format.ts";
import { contour, grid, sample, spread } from "../../model/model_view.ts";
import { indexOf } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { blend, Brush, Picture, type Axis } from "./picture.tsx";

const LEVELS = 10;

export function Surface({ surface, path }: { surface: SurfaceData; path: PathData | null }) {
  const app = useApp();
  const [first, second] = surface.axes;
  const { grid: data, step } = surface;
  const paint = useMemo(
    () => (brush: Brush) => data && first && second && draw(brush, data, path, step, [first.now ?? NaN, second.now ?? NaN]),
    [surface, path],
  );
  const field = useMemo(() => data && grid(data), [data]);
  if (!first || !second) return null;
  const across: Axis = { name: useName(first), range: data?.across ?? [0, 1] };
  const up: Axis = { name: useName(second), range: data?.up ?? [0, 1] };
  const loss = surface.loss === undefined ? "NaN" : short(surface.loss);
  const read = (x: number, y: number): string => {
    const [[left, right], [low, high]] = [across.range, up.range];
    const value = field ? short(sample(field, (x - left) / (right - left), (y - low) / (high - low))) : "";
    return app.say("model-loss-at", { place: `(${short(x, 2)}, ${short(y, 2)})`, value });
  };
  return (
    <figure>
      <figcaption><b>{app.say("model-surface")}</b><span>{app.say("page-loss")} {loss}</span></figcaption>
      {field
        ? <Picture label={app.say("model-surface-label", { step, across: across.name, up: up.name, loss })} across={across} up={up} paint={paint} read={read} />
        : surface.why && <p class="hint">{app.say(surface.why.id, surface.why.arguments)}</p>}
      <div class="mkey">
        <Choice label={app.say("model-across")} sign="→" axis={0} surface={surface} />
        <Choice label={app.say("model-up")} sign="↑" axis={1} surface={surface} />
        {path && <span><i class="way" />{app.say("model-path")}</span>}
        <span class="dim">{app.say("model-others-fixed")}</span>
      </div>
    </figure>
  );
}

function useName({ parameter, place }: AxisData): string {
  const known = useApp().recording.overview.parameters[parameter];
  if (!known) return "";
  return known.shape.length ? `${known.name}[${indexOf(place, known.shape).join(",")}]` : known.name;
}

const LISTED = 256; // elements of a parameter that are listed; of more, the number is typed

/** The pickers of one axis: a parameter, and one of its elements. */
function Choice({ label, sign, axis, surface }: { label: string; sign: string; axis: 0 | 1; surface: SurfaceData }) {
  const app = useApp();
  const { parameters, models } = app.recording.overview;
  const chosen = surface.axes[axis];
  const other = surface.axes[1 - axis];
  if (!chosen || !other) return null;
  const shape = parameters[chosen.parameter]?.shape ?? [];
  const count = shape.reduce((product, length) => product * length, 1);
  const choose = (parameter: number, place: number): void => {
    const own = { parameter, place };
    const rest = { parameter: other.parameter, place: other.place };
    app.modelView.pair.value = axis ? [rest, own] : [own, rest];
  };
  const number = (event: Event): number => Number((event.currentTarget as HTMLInputElement | HTMLSelectElement).value);
  const fixed = models !== undefined; // an exported file holds one pair
  return (
    <span class="choice">
      {sign}
      <select aria-label={label} disabled={fixed} value={chosen.parameter} onChange={(event) => choose(number(event), 0)}>
        {surface.parameters.map((id) => <option key={id} value={id}>{parameters[id]?.name}</option>)}
      </select>
      {count > 1 && count <= LISTED && (
        <select aria-label={`${label}: ${app.say("model-element")}`} disabled={fixed} value={chosen.place} onChange={(event) => choose(chosen.parameter, number(event))}>
          {Array.from({ length: count }, (_, place) => <option key={place} value={place}>[{indexOf(place, shape).join(",")}]</option>)}
        </select>
      )}
      {count > LISTED && (
        <input
          type="number"
          aria-label={`${label}: ${app.say("model-element")}`}
          disabled={fixed}
          min={0}
          max={count - 1}
          value={chosen.place}
          onChange={(event) => choose(chosen.parameter, Math.max(0, Math.min(count - 1, Math.floor(number(event)) || 0)))}
        />
      )}
    </span>
  );
}

function draw(brush: Brush, data: GridData, path: PathData | null, step: number, now: readonly [number, number]): void {
  const field = grid(data);
  const height = spread(field);
  const value = (place: number): number => field.values[place] ?? NaN;
  const [pane, top] = [brush.rgb("--pane"), brush.rgb("--data")];
  brush.heat(field, (place) => (Number.isNaN(value(place)) ? null : blend(pane, top, 0.72 * height(value(place)) ** 0.8)));
  for (let level = 1; level < LEVELS; level++) {
    brush.segments(contour(field.columns, field.rows, (place) => height(value(place)) - level / LEVELS), brush.token("--line2"), 1);
  }
  const upTo = path ? path.steps.filter((candidate) => candidate <= step).length : 0;
  const way = Array.from({ length: upTo }, (_, at) => [path?.first[at] ?? NaN, path?.second[at] ?? NaN] as const);
  const whole = [...way, now];
  const colour = brush.token("--upd-fill");
  brush.line(whole, brush.token("--pane"), 5);
  brush.line(whole, colour, 2.5);
  if (way.length < 60) for (const [x, y] of way) brush.dot(x, y, 2, colour, brush.token("--pane"), 1);
  const start = way[0];
  if (start) brush.dot(...start, 4, brush.token("--pane"), colour, 2);
  brush.dot(...now, 6, colour, brush.token("--pane"), 2);
}
