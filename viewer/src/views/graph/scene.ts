/** The drawn graph: where everything is, which part of it is seen, and how it is moved. */
import { signal } from "@preact/signals";
import type { Bundle, Seen } from "../../model/folding.ts";
import { port } from "../../model/layering.ts";
import type { Placement, Spot } from "../../model/placing.ts";
import { isGroup } from "../../model/tree.ts";
import { paint, type Ink } from "./paint.ts";

const LEGIBLE = 0.72; // smallest scale to begin with
const NEAR = 0.5; // scale from which on boxes are elements
const MOST_NEAR = 120; // elements at once
const [SMALLEST, LARGEST] = [0.01, 3];
const ROOM = 12; // around a fitted graph

export interface Route {
  readonly bundle: Bundle;
  readonly points: readonly (readonly [number, number])[];
}

export class Scene {
  seen: Seen | null = null;
  readonly spots = new Map<string, Spot>();
  routes: readonly Route[] = [];
  playhead = 0;
  readonly now = signal<string | null>(null); // the item that the playhead stands on
  ink: Ink | null = null;
  /** What lies in the upper left corner, and how large it is drawn. */
  x = 0;
  y = 0;
  scale = 1;
  /** Items that are elements now, because they are large enough to be read. */
  readonly near = signal<readonly string[]>([]);
  readonly hovered = signal<string | null>(null);
  private width = 0;
  private height = 0;
  private moved = false; // by hand: it is not fitted again by itself
  private asked = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly layer: HTMLElement,
  ) {}

  /** The graph's own extent. */
  get extent(): Spot {
    return this.spots.get("") ?? [0, 0, 1, 1];
  }

  show(seen: Seen, placement: Placement, keep: string | null): void {
    const before = keep === null ? undefined : this.spots.get(keep);
    this.seen = seen;
    this.spots.clear();
    for (const [id, spot] of placement.spots) this.spots.set(id, spot);
    const ways = new Map(placement.ways);
    this.routes = seen.bundles.flatMap((bundle) => {
      const [from, to] = [this.spots.get(bundle.from), this.spots.get(bundle.to)];
      if (!from || !to) return [];
      return [{ bundle, points: [[from[0] + from[2], from[1] + port(from[3])], ...(ways.get(bundle.way) ?? []), [to[0], to[1] + port(to[3])]] as const }];
    });
    const after = keep === null ? undefined : this.spots.get(keep);
    if (before && after) {
      this.x += after[0] - before[0]; // what was clicked stays where it is
      this.y += after[1] - before[1];
      this.settle();
    } else this.begin();
    this.near.value = [];
    this.draw();
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    [this.width, this.height] = [width, height];
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    if (!this.moved) this.begin();
    this.draw(true);
  }

  /** Whole where it can be read whole, else its legible part around the playhead. */
  begin(): void {
    const room = this.room();
    this.scale = Math.min(1.4, room >= 0.6 ? room : LEGIBLE);
    const [, , width, height] = this.extent;
    this.x = Math.min(0, (width - this.width / this.scale) / 2);
    this.y = (height - this.height / this.scale) / 2;
    this.reveal(true);
    this.settle();
  }

  fit(): void {
    this.moved = false;
    this.scale = Math.min(1.4, Math.max(SMALLEST, this.room()));
    const [, , width, height] = this.extent;
    this.x = (width - this.width / this.scale) / 2;
    this.y = (height - this.height / this.scale) / 2;
    if (this.room() < SMALLEST) this.reveal(); // longer than any pane: where one is
    this.draw();
  }

  private room(): number {
    const [, , width, height] = this.extent;
    return Math.min((this.width - ROOM) / width, (this.height - ROOM) / height);
  }

  /** Bring what the playhead stands on into sight, or into the middle. */
  reveal(middle_of_it = false): void {
    const now = this.now.peek();
    const spot = now === null ? undefined : this.spots.get(now);
    if (!spot) return;
    const [x, y, width, height] = spot;
    const [wide, high] = [this.width / this.scale, this.height / this.scale];
    const [, , all, tall] = this.extent;
    const middle = (at: number, size: number, view: number, whole: number): number =>
      Math.max(0, Math.min(at + size / 2 - view / 2, whole - view)); // the middle, but nothing beyond the graph
    const aside = (at: number, size: number, from: number, view: number): boolean => middle_of_it || at < from || at + size > from + view;
    if (all > wide && aside(x, width, this.x, wide)) this.x = middle(x, width, wide, all);
    if (tall > high && aside(y, height, this.y, high)) this.y = middle(y, height, high, tall);
    this.settle();
    this.draw();
  }

  /** Move by pixels of the screen. */
  pan(dx: number, dy: number): void {
    this.moved = true;
    this.x += dx / this.scale;
    this.y += dy / this.scale;
    this.settle();
    this.draw();
  }

  /** Zoom about a point of the screen, else about what the playhead stands on, where it is in sight. */
  zoom(factor: number, at: readonly [number, number] = this.centre()): void {
    this.moved = true;
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x += at[0] / this.scale - at[0] / scale;
    this.y += at[1] / this.scale - at[1] / scale;
    this.scale = scale;
    this.settle();
    this.draw();
  }

  private centre(): readonly [number, number] {
    const spot = this.spots.get(this.now.peek() ?? "");
    if (!spot || !this.sees(spot)) return [this.width / 2, this.height / 2];
    const [x, y, width, height] = spot;
    const hold = (at: number, view: number): number => Math.max(0, Math.min(view, at));
    return [hold((x + width / 2 - this.x) * this.scale, this.width), hold((y + height / 2 - this.y) * this.scale, this.height)];
  }

  /** The graph never leaves the pane. */
  private settle(): void {
    const [, , width, height] = this.extent;
    const [wide, high] = [this.width / this.scale, this.height / this.scale];
    const hold = (at: number, size: number, view: number): number =>
      size <= view ? Math.min(0, Math.max(size - view, at)) : Math.min(size - view / 3, Math.max((-view * 2) / 3, at));
    this.x = hold(this.x, width, wide);
    this.y = hold(this.y, height, high);
  }

  /** The item at a point of the screen. */
  hit(left: number, top: number): string | null {
    const [x, y] = [this.x + left / this.scale, this.y + top / this.scale];
    for (const id of this.seen?.items.keys() ?? []) {
      const spot = this.spots.get(id);
      if (spot && x >= spot[0] && y >= spot[1] && x <= spot[0] + spot[2] && y <= spot[1] + spot[3]) return id;
    }
    return null;
  }

  /** Whether a spot is in sight, or within a margin in pixels of it. */
  sees([x, y, width, height]: Spot, margin = 0): boolean {
    const more = margin / this.scale;
    return (
      x + width >= this.x - more && x <= this.x + this.width / this.scale + more &&
      y + height >= this.y - more && y <= this.y + this.height / this.scale + more
    );
  }

  /** Draw in the next frame, or at once. */
  draw(at_once = false): void {
    if (at_once) this.render();
    else this.asked ||= requestAnimationFrame(() => this.render());
  }

  dispose(): void {
    cancelAnimationFrame(this.asked);
  }

  private render(): void {
    this.asked = 0;
    this.layer.style.transform = `translate(${-this.x * this.scale}px,${-this.y * this.scale}px) scale(${this.scale})`;
    const near = this.nearby();
    const known = this.near.peek();
    if (near.length !== known.length || near.some((id, place) => id !== known[place])) this.near.value = near;
    paint(this, new Set(near), this.width, this.height);
  }

  private nearby(): string[] {
    if (this.scale < NEAR || !this.seen) return [];
    const found: string[] = [];
    for (const list of [this.seen.open.map((group) => group.id), this.seen.items.keys()]) {
      for (const id of list) {
        const spot = this.spots.get(id);
        if (spot && this.sees(spot, 80) && found.push(id) > MOST_NEAR) return [];
      }
    }
    return found;
  }
}

/** Whether an item has happened by the playhead, and its gradient. */
export function progress(scene: Scene, id: string): { made: number; back: number } {
  const item = scene.seen?.items.get(id);
  if (!item) return { made: 0, back: 0 };
  if (isGroup(item)) return { made: share(item.made, scene.playhead), back: share(item.returns, scene.playhead) };
  const first = item.gradients?.[0];
  return {
    made: item.event === null || item.event <= scene.playhead ? 1 : 0,
    back: first && first.event <= scene.playhead ? 1 : 0,
  };
}

/** The share of sorted events that the playhead has reached. */
export function share(events: readonly number[], playhead: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] ?? 0) <= playhead) low = middle + 1;
    else high = middle;
  }
  return events.length ? low / events.length : 0;
}
