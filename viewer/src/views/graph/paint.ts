/** Draws edges, the frames of open groups, and the boxes that are too far away to be read. */
import type { Spot } from "../../model/placing.ts";
import { isGroup } from "../../model/tree.ts";
import { progress, type Route, type Scene } from "./scene.ts";

/** The colours of the theme, by token. */
export interface Ink {
  readonly of: (token: string) => string;
  readonly font: string;
}

export const BESIDE = 16; // a gradient's edge runs below its value's
const TIP = 7;
const CURVED = 0.12; // scale from which on edges are curves, and both ways are drawn
const NAMED = 9; // pixels a name must have

type Style = "forward" | "gradient" | "ahead" | "now";

export function paint(scene: Scene, near: ReadonlySet<string>, width: number, height: number): void {
  const ctx = scene.canvas.getContext("2d");
  const { seen, ink, scale } = scene;
  if (!ctx || !seen || !ink || !width) return;
  const ratio = devicePixelRatio;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, width * ratio, height * ratio);
  const zoom = ratio * scale;
  ctx.setTransform(zoom, 0, 0, zoom, -scene.x * zoom, -scene.y * zoom);
  const pixel = 1 / scale;
  ctx.strokeStyle = ink.of("--line2");
  ctx.fillStyle = ink.of("--sunk");
  for (const group of seen.open) {
    const spot = scene.spots.get(group.id);
    if (!spot || !scene.sees(spot)) continue;
    rounded(ctx, spot, 8);
    ctx.lineWidth = pixel;
    ctx.fill();
    ctx.stroke();
  }
  edges(ctx, scene, ink);
  for (const [id, item] of seen.items) {
    const spot = scene.spots.get(id);
    if (spot && !near.has(id) && scene.sees(spot)) far(ctx, scene, ink, id, spot, item.name);
  }
}

function rounded(ctx: CanvasRenderingContext2D, [x, y, width, height]: Spot, radius: number): void {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, radius);
}

function edges(ctx: CanvasRenderingContext2D, scene: Scene, ink: Ink): void {
  const { playhead, scale } = scene;
  const paths: Record<Style, Path2D> = { forward: new Path2D(), gradient: new Path2D(), ahead: new Path2D(), now: new Path2D() };
  const tips: Record<Style, Path2D> = { forward: new Path2D(), gradient: new Path2D(), ahead: new Path2D(), now: new Path2D() };
  for (const { bundle, points } of scene.routes) {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) continue;
    let [top, bottom] = [Infinity, -Infinity];
    for (const [, y] of points) [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    if (!scene.sees([first[0], top, last[0] - first[0], bottom - top + BESIDE])) continue;
    const forward: Style = bundle.flows <= playhead ? "forward" : "ahead";
    let back: Style | null = bundle.back.length ? "ahead" : null;
    for (const { event } of bundle.back) {
      if (event === playhead) back = "now";
      else if (event < playhead && back !== "now") back = "gradient";
    }
    if (scale < CURVED) {
      const style = back && back !== "ahead" ? back : forward;
      paths[style].moveTo(first[0], first[1]);
      for (const [x, y] of points.slice(1)) paths[style].lineTo(x, y);
      continue;
    }
    curve(paths[forward], points, 0);
    tip(tips[forward], last[0], last[1], 1);
    if (!back) continue;
    curve(paths[back], points, BESIDE);
    tip(tips[back], first[0], first[1] + BESIDE, -1);
  }
  const thin = Math.max(1.5, 1 / scale);
  const colours: Record<Style, string> = { ahead: "--line2", forward: "--fwd-fill", gradient: "--grad-fill", now: "--now" };
  for (const style of ["ahead", "forward", "gradient", "now"] as const) {
    ctx.strokeStyle = ctx.fillStyle = ink.of(colours[style]);
    ctx.lineWidth = style === "now" ? 2 * thin : scale < CURVED ? 0.6 / scale : thin;
    ctx.setLineDash(style === "ahead" && scale > CURVED ? [4, 4] : []);
    ctx.stroke(paths[style]);
    if (scale > 0.3) ctx.fill(tips[style]);
  }
  ctx.setLineDash([]);
}

function curve(path: Path2D, points: Route["points"], below: number): void {
  const [first, ...rest] = points;
  if (!first) return;
  let [x, y] = [first[0], first[1] + below];
  path.moveTo(x, y);
  for (const point of rest) {
    const [x2, y2] = [point[0], point[1] + below];
    const bend = Math.max(14, (x2 - x) / 2);
    path.bezierCurveTo(x + bend, y, x2 - bend, y2, x2, y2);
    [x, y] = [x2, y2];
  }
}

/** An arrowhead at a border: it points right or left. */
function tip(path: Path2D, x: number, y: number, way: 1 | -1): void {
  path.moveTo(x, y);
  path.lineTo(x - way * TIP, y - TIP / 2);
  path.lineTo(x - way * TIP, y + TIP / 2);
  path.closePath();
}

const BORDERS = { op: "--line2", opaque: "--line2", loss: "--loss", parameter: "--param", data: "--data" } as const;

/** A box or folded group without its numbers: filled with what has come, in halves. */
function far(ctx: CanvasRenderingContext2D, scene: Scene, ink: Ink, id: string, spot: Spot, name: string): void {
  const [x, y, width, height] = spot;
  const item = scene.seen?.items.get(id);
  if (!item) return;
  const { made, back } = progress(scene, id);
  const kind = isGroup(item) ? "op" : item.kind;
  ctx.fillStyle = ink.of("--pane");
  ctx.fillRect(x, y, width, height);
  ctx.globalAlpha = 0.55;
  ctx.fillStyle = ink.of("--fwd-fill");
  ctx.fillRect(x, y, width * made, height / 2);
  ctx.fillStyle = ink.of("--grad-fill");
  ctx.fillRect(x + width * (1 - back), y + height / 2, width * back, height / 2);
  ctx.globalAlpha = 1;
  if (scene.scale > 0.06 || id === scene.now.peek()) {
    ctx.lineWidth = (id === scene.now.peek() ? 3 : 1) / scene.scale;
    ctx.strokeStyle = ink.of(id === scene.now.peek() ? "--now" : BORDERS[kind]);
    ctx.strokeRect(x, y, width, height);
  }
  const size = Math.min(22, (1.7 * width) / Math.max(8, name.length));
  if (size * scene.scale < NAMED) return;
  ctx.font = `600 ${size}px ${ink.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = ink.of("--ink");
  ctx.fillText(name, x + width / 2, y + height / 2, width - 8);
}
