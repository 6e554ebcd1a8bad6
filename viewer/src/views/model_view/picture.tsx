/** A picture on a canvas, with axes; a crosshair, moved by pointer or arrow keys, reads it. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { short } from "../../model/format.ts";
import { ticks, type Grid, type Range } from "../../model/model_view.ts";
import { useApp } from "../../state/app.ts";

const MARGIN = { left: 40, right: 8, top: 8, bottom: 22 };
const STRIDE = 1 / 24; // of the picture, for each press of an arrow key

export interface Axis {
  readonly name: string;
  readonly range: Range;
}

type Rgb = readonly [number, number, number];

/** What a picture is painted with: places from data to pixels, and the page's colours. */
export class Brush {
  private readonly style = getComputedStyle(document.documentElement);
  readonly font = `11px ${getComputedStyle(document.body).fontFamily}`;

  constructor(
    readonly ctx: CanvasRenderingContext2D,
    readonly width: number,
    readonly height: number,
    readonly across: Range,
    readonly up: Range,
  ) {}

  token(name: string): string {
    return this.style.getPropertyValue(name).trim();
  }

  rgb(name: string): Rgb {
    const hex = this.token(name);
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
  }

  x(value: number): number {
    return ((value - this.across[0]) / (this.across[1] - this.across[0])) * this.width;
  }

  y(value: number): number {
    return (1 - (value - this.up[0]) / (this.up[1] - this.up[0])) * this.height;
  }

  /** Fill the picture with a colour for each point of a grid, smooth between them. */
  heat({ columns, rows }: Grid, colour: (place: number) => Rgb | null): void {
    const small = document.createElement("canvas");
    small.width = columns;
    small.height = rows;
    const ctx = small.getContext("2d") as CanvasRenderingContext2D;
    const pixels = ctx.createImageData(columns, rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const found = colour(row * columns + column);
        if (found) pixels.data.set([...found, 255], 4 * ((rows - 1 - row) * columns + column));
      }
    }
    ctx.putImageData(pixels, 0, 0);
    // the points lie on the edges of the picture, so half a cell is cut off on every side
    this.ctx.imageSmoothingQuality = "high";
    this.ctx.drawImage(small, 0.5, rows > 1 ? 0.5 : 0, columns - 1, Math.max(rows - 1, 1), 0, 0, this.width, this.height);
  }

  /** Draw segments whose ends go from 0 to 1. */
  segments(ends: readonly number[], colour: string, width: number): void {
    const { ctx } = this;
    ctx.beginPath();
    for (let i = 0; i + 3 < ends.length; i += 4) {
      ctx.moveTo((ends[i] ?? 0) * this.width, (1 - (ends[i + 1] ?? 0)) * this.height);
      ctx.lineTo((ends[i + 2] ?? 0) * this.width, (1 - (ends[i + 3] ?? 0)) * this.height);
    }
    ctx.lineCap = "round";
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  line(points: readonly (readonly [number, number])[], colour: string, width: number): void {
    const { ctx } = this;
    ctx.beginPath();
    for (const [x, y] of points) ctx.lineTo(this.x(x), this.y(y));
    ctx.lineJoin = "round";
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  dot(x: number, y: number, radius: number, fill: string, edge: string, width = 1.5): void {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(this.x(x), this.y(y), radius, 0, 2 * Math.PI);
    ctx.fillStyle = fill;
    ctx.fill();
    ctx.lineWidth = width;
    ctx.strokeStyle = edge;
    ctx.stroke();
  }
}

export const blend = (from: Rgb, to: Rgb, share: number): Rgb =>
  from.map((part, at) => Math.round(part + ((to[at] ?? 0) - part) * Math.max(0, Math.min(1, share)))) as unknown as Rgb;

interface Props {
  readonly label: string;
  readonly across: Axis;
  readonly up: Axis;
  readonly paint: (brush: Brush) => void;
  /** What stands at a place of the data, in words. */
  readonly read: (x: number, y: number) => string;
}

export function Picture({ label, across, up, paint, read }: Props) {
  const app = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const cross = useSignal<readonly [number, number] | null>(null); // from 0 to 1
  const theme = app.theme.value;
  const at = cross.value;
  useEffect(() => {
    const place = canvas.current;
    if (!place) return;
    const draw = (): void => frame(place, across, up, paint, at);
    const watcher = new ResizeObserver(draw);
    watcher.observe(place);
    return () => watcher.disconnect();
  }, [across, up, paint, theme, at]);
  const value = ([low, high]: Range, share: number): number => low + (high - low) * share;
  const point = (event: PointerEvent): void => {
    const place = event.currentTarget as HTMLElement;
    const x = (event.offsetX - MARGIN.left) / (place.clientWidth - MARGIN.left - MARGIN.right);
    const y = 1 - (event.offsetY - MARGIN.top) / (place.clientHeight - MARGIN.top - MARGIN.bottom);
    cross.value = x >= 0 && x <= 1 && y >= 0 && y <= 1 ? [x, y] : null;
  };
  const press = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (event.shiftKey || (!move && event.key !== "Escape")) return;
    event.preventDefault();
    const [x, y] = cross.peek() ?? [0.5, 0.5];
    const within = (share: number): number => Math.max(0, Math.min(1, share));
    cross.value = move ? [within(x + move[0] * STRIDE), within(y + move[1] * STRIDE)] : null;
  };
  return (
    <>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        tabIndex={0}
        data-arrows
        onPointerMove={point}
        onPointerLeave={() => (cross.value = null)}
        onKeyDown={press}
        onBlur={() => (cross.value = null)}
      />
      <p class="reading" aria-live="polite">{at ? read(value(across.range, at[0]), value(up.range, at[1])) : ""}</p>
    </>
  );
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function frame(canvas: HTMLCanvasElement, across: Axis, up: Axis, paint: (brush: Brush) => void, cross: readonly [number, number] | null): void {
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const ctx = canvas.getContext("2d");
  if (!ctx || !width || !height) return;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  ctx.scale(ratio, ratio);
  ctx.translate(MARGIN.left, MARGIN.top);
  const brush = new Brush(ctx, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom, across.range, up.range);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, brush.width, brush.height);
  ctx.clip();
  paint(brush);
  if (cross) {
    ctx.fillStyle = brush.token("--ink");
    ctx.fillRect(cross[0] * brush.width - 0.5, 0, 1, brush.height);
    ctx.fillRect(0, (1 - cross[1]) * brush.height - 0.5, brush.width, 1);
  }
  ctx.restore();
  ctx.strokeStyle = brush.token("--line2");
  ctx.lineWidth = 1;
  ctx.strokeRect(-0.5, -0.5, brush.width + 1, brush.height + 1);
  ctx.fillStyle = brush.token("--ink3");
  ctx.font = brush.font;
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  for (const tick of ticks(across.range, Math.min(5, brush.width / 60))) ctx.fillText(short(tick, decimals(tick)), brush.x(tick), brush.height + 6);
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  for (const tick of ticks(up.range, Math.min(5, brush.height / 40))) ctx.fillText(short(tick, decimals(tick)), -6, brush.y(tick));
}

/** As many decimals as a round number has, at most four. */
const decimals = (tick: number): number => Math.min(4, (String(tick).split(".")[1] ?? "").length);
