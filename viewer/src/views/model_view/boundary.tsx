/** What the model predicts over all inputs, with the examples drawn in. */
import { useMemo } from "preact/hooks";
import type { BoundaryData, ExamplesData } from "../../data/wire.ts";
import { short } from "../../model/format.ts";
import { contour, grid, marks, numbers, sample, side, type Grid, type Mark, type Range } from "../../model/model_view.ts";
import { useApp } from "../../state/app.ts";
import { blend, Brush, Picture, type Axis } from "./picture.tsx";

const CLASSES = ["--class-a", "--class-b", "--class-c", "--class-d", "--class-e", "--class-f"];
const classColour = (number: number): string => CLASSES[number % CLASSES.length] ?? "--class-a";
const LEVELS = 7; // contour lines of a picture without classes

interface Props {
  readonly boundary: BoundaryData;
  readonly others: ExamplesData | null; // of the whole run
  readonly step: number;
}

export function Boundary({ boundary, others, step }: Props) {
  const app = useApp();
  const found = useMemo(() => new Field(boundary), [boundary]);
  const around = useMemo(() => (others ? marks(others, boundary) : []), [others, boundary.kind]);
  const { up } = boundary.grid;
  const name = boundary.input;
  const across: Axis = { name: up ? `${name}[:, 0]` : name, range: boundary.grid.across };
  const second: Axis = { name: up ? `${name}[:, 1]` : app.say("model-target"), range: up ?? found.extent(around) };
  const result = boundary.right !== undefined
    ? app.say("model-right", { right: boundary.right, count: boundary.count })
    : boundary.error !== undefined ? app.say("model-mean-error", { error: short(boundary.error) }) : "";
  const paint = useMemo(
    () => (brush: Brush) => (up ? found.plane(brush, around) : found.curve(brush, around)),
    [found, around],
  );
  const read = (x: number, y: number): string => {
    const [low, high] = boundary.grid.across;
    const height = up ? (y - up[0]) / (up[1] - up[0]) : 0;
    const value = short(sample(found.grid, (x - low) / (high - low), height));
    const place = up ? `(${short(x, 2)}, ${short(y, 2)})` : short(x, 2);
    if (boundary.kind !== "classes") return app.say("model-prediction-at", { place, value });
    return app.say("model-class-at", { place, value, class: String(found.winner((x - low) / (high - low), height)) });
  };
  return (
    <figure>
      <figcaption>
        <b>{up ? app.say("model-boundary") : app.say("model-curve", { name })}</b>
        <span>{result}</span>
      </figcaption>
      <Picture
        label={app.say("model-boundary-label", { step, across: across.name, up: second.name, result })}
        across={across}
        up={second}
        paint={paint}
        read={read}
      />
      <Key boundary={boundary} axes={[across, second]} />
    </figure>
  );
}

/** Which axis is which, and what the marks stand for. */
function Key({ boundary, axes: [across, up] }: { boundary: BoundaryData; axes: readonly [Axis, Axis] }) {
  const app = useApp();
  const { kind, pair, classes } = boundary;
  const sides = kind === "classes" ? Array.from({ length: classes }, (_, number) => number) : pair ?? [];
  return (
    <div class="mkey">
      <span>→ <code>{across.name}</code></span>
      <span>↑ <code>{up.name}</code></span>
      {boundary.examples.targets && sides.map((target, place) => (
        <span key={target}>
          <i class={`shape s${place % 4}`} style={{ "--hue": `var(${classColour(place)})` }} />
          {kind === "classes" ? app.say("model-class", { class: String(target) }) : `${app.say("model-target")} ${short(target)}`}
        </span>
      ))}
      {kind !== "value" && boundary.grid.up && <span><i class="cut" />{app.say("model-dividing")}</span>}
      {boundary.right !== undefined && boundary.right < boundary.count && <span><i class="wrong" />{app.say("model-wrong")}</span>}
    </div>
  );
}

/** The boundary decoded, and how it is painted. */
class Field {
  readonly grid: Grid;
  private readonly winners: readonly number[];
  private readonly own: readonly Mark[];
  private readonly predicted: readonly number[];

  constructor(private readonly boundary: BoundaryData) {
    this.grid = grid(boundary.grid);
    this.winners = boundary.winners ? numbers(boundary.winners) : [];
    this.predicted = numbers(boundary.predicted);
    this.own = marks(boundary.examples, boundary, this.predicted);
  }

  winner(across: number, up: number): number {
    const { columns, rows } = this.grid;
    return this.winners[Math.round(up * (rows - 1)) * columns + Math.round(across * (columns - 1))] ?? 0;
  }

  /** From where to where a curve and its targets go. */
  extent(around: readonly Mark[]): Range {
    const { kind, pair } = this.boundary;
    const seen = [...this.own, ...around].flatMap(({ target }) => (target === null ? [] : [target]));
    const values = kind === "classes" ? [0, 1] : [...(pair ?? []), ...(seen.length ? seen : [this.grid.low, this.grid.high])];
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    const margin = (high - low || 1) * 0.15;
    return [low - margin, high + margin];
  }

  plane(brush: Brush, around: readonly Mark[]): void {
    const { kind, pair, classes } = this.boundary;
    const { columns, rows, values, low, high } = this.grid;
    const pane = brush.rgb("--pane");
    const hues = CLASSES.map((name) => brush.rgb(name));
    const hue = (number: number) => hues[number % hues.length] ?? pane;
    const value = (place: number): number => values[place] ?? NaN;
    const ink = brush.token("--ink");
    if (kind === "classes") {
      const least = 1 / classes;
      brush.heat(this.grid, (place) =>
        Number.isNaN(value(place)) ? null : blend(pane, hue(this.winners[place] ?? 0), 0.12 + (0.5 * (value(place) - least)) / (1 - least)));
      for (let number = classes === 2 ? 1 : 0; number < classes; number++) {
        const field = (place: number): number => (value(place) - least) * (this.winners[place] === number ? 1 : -1);
        brush.segments(contour(columns, rows, field), ink, 1.75);
      }
    } else if (pair) {
      brush.heat(this.grid, (place) => {
        const share = side(value(place), pair);
        return Number.isNaN(share) ? null : blend(pane, hue(share > 0 ? 1 : 0), 0.06 + 0.56 * Math.abs(share));
      });
      for (const level of [-0.5, 0.5]) brush.segments(contour(columns, rows, (place) => side(value(place), pair) - level), brush.token("--line2"), 1);
      brush.segments(contour(columns, rows, (place) => side(value(place), pair)), ink, 2);
    } else {
      const full = brush.rgb("--fwd-fill");
      brush.heat(this.grid, (place) => (Number.isNaN(value(place)) ? null : blend(pane, full, 0.05 + 0.75 * share(value(place), low, high))));
      for (let level = 1; level < LEVELS; level++) {
        const at = low + ((high - low) * level) / LEVELS;
        brush.segments(contour(columns, rows, (place) => value(place) - at), brush.token("--line2"), 1);
      }
    }
    brush.ctx.globalAlpha = 0.35;
    for (const mark of around) this.mark(brush, mark, mark.y ?? 0, 2.5);
    brush.ctx.globalAlpha = 1;
    for (const mark of this.own) this.mark(brush, mark, mark.y ?? 0, this.own.length > 150 ? 3.5 : 5);
  }

  curve(brush: Brush, around: readonly Mark[]): void {
    const { kind, pair } = this.boundary;
    const { columns, values } = this.grid;
    const [low, high] = brush.across;
    const x = (column: number): number => low + ((high - low) * column) / (columns - 1);
    if (kind === "classes" || pair) {
      const strip: Grid = { ...this.grid, rows: 1 };
      const pane = brush.rgb("--pane");
      const hues = CLASSES.map((name) => brush.rgb(name));
      brush.heat(strip, (place) => {
        const number = pair ? Number(side(values[place] ?? NaN, pair) > 0) : (this.winners[place] ?? 0);
        return blend(pane, hues[number % hues.length] ?? pane, 0.22);
      });
    }
    if (pair) brush.line([[low, (pair[0] + pair[1]) / 2], [high, (pair[0] + pair[1]) / 2]], brush.token("--line2"), 1);
    const height = (mark: Mark): number => (kind === "classes" ? 0 : (mark.target ?? 0));
    brush.ctx.globalAlpha = 0.35;
    for (const mark of around) this.mark(brush, mark, height(mark), 2.5);
    brush.ctx.globalAlpha = 1;
    this.own.forEach((mark, place) => {
      const told = this.predicted[place];
      if (kind === "value" && told !== undefined && mark.target !== null) brush.line([[mark.x, mark.target], [mark.x, told]], brush.token("--ink3"), 1);
    });
    brush.line(Array.from(values, (value, column) => [x(column), value] as const), brush.token("--pane"), 5);
    brush.line(Array.from(values, (value, column) => [x(column), value] as const), brush.token("--fwd"), 2.5);
    for (const mark of this.own) this.mark(brush, mark, height(mark), this.own.length > 150 ? 3 : 4);
  }

  /** An example: its class by colour and shape, or its target by the colour of the picture. */
  private mark(brush: Brush, mark: Mark, y: number, radius: number): void {
    const { kind, pair, grid: data } = this.boundary;
    const { ctx } = brush;
    const [left, top] = [brush.x(mark.x), brush.y(y)];
    if (mark.wrong) {
      ctx.beginPath();
      ctx.arc(left, top, radius + 4, 0, 2 * Math.PI);
      ctx.strokeStyle = brush.token("--ink");
      ctx.lineWidth = 1.5;
      ctx.stroke();
    }
    const number = mark.target === null ? null : kind === "classes" ? mark.target : pair ? Number(side(mark.target, pair) > 0) : null;
    ctx.beginPath();
    if (number === null || number % 4 === 0) ctx.arc(left, top, radius, 0, 2 * Math.PI);
    else if (number % 4 === 1) ctx.rect(left - radius * 0.9, top - radius * 0.9, radius * 1.8, radius * 1.8);
    else {
      const corners = number % 4 === 2 ? [[0, -1.25], [1.1, 0.75], [-1.1, 0.75]] : [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]];
      for (const [dx = 0, dy = 0] of corners) ctx.lineTo(left + dx * radius, top + dy * radius);
      ctx.closePath();
    }
    const fill = mark.target === null || !data.up
      ? brush.token("--data")
      : `rgb(${blend(brush.rgb("--pane"), brush.rgb("--fwd-fill"), 0.05 + 0.75 * share(mark.target, data.low, data.high)).join()})`;
    ctx.fillStyle = number === null ? fill : brush.token(classColour(number));
    ctx.fill();
    ctx.strokeStyle = brush.token(number === null && data.up ? "--ink" : "--pane");
    ctx.lineWidth = 1.5;
    ctx.stroke();
  }
}

const share = (value: number, low: number, high: number): number => (high > low ? (value - low) / (high - low) : 0);
