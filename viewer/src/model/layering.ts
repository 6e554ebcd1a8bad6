/**
 * Places boxes in layers from left to right (Sugiyama, Tagawa and Toda 1981).
 *
 * Layers by longest path; long edges get a waypoint in each layer; the order within layers by
 * barycentres; positions by least squares under the distances that boxes must keep.
 */
export interface Sized {
  readonly width: number;
  readonly height: number;
}

/** Where boxes stand, and the waypoints of edges that pass other layers. */
export interface Placed extends Sized {
  readonly at: readonly (readonly [number, number])[]; // upper left corner of each box
  readonly ways: readonly (readonly (readonly [number, number])[])[]; // of each edge
}

const APART = { layers: 52, boxes: 20, ways: 10 } as const;
const SWEEPS = 10;

/** How far below its top the edges of a box begin and end: beside its value. */
export const port = (height: number): number => Math.min(48, height / 2 - 4);

interface Point {
  readonly box: number; // -1 for a waypoint
  readonly width: number;
  readonly height: number;
  readonly before: number[];
  readonly after: number[];
  readonly port: number; // of its edges, below its centre
  y: number; // of its centre
}

/** Lay out boxes; edges lead from one box to another and form no cycle. */
export function layers(boxes: readonly Sized[], edges: readonly (readonly [number, number])[]): Placed {
  const rank = ranks(boxes.length, edges);
  const points: Point[] = boxes.map((box, place) => ({ box: place, width: box.width, height: box.height, port: port(box.height) - box.height / 2, before: [], after: [], y: 0 }));
  const rows: number[][] = [];
  rank.forEach((layer, place) => (rows[layer] ??= []).push(place));
  for (let layer = 0; layer < rows.length; layer++) rows[layer] ??= [];
  const passed = edges.map(([from, to]) => {
    const along: number[] = [];
    let last = from;
    for (let layer = (rank[from] ?? 0) + 1; layer < (rank[to] ?? 0); layer++) {
      const place = points.push({ box: -1, width: 0, height: 0, port: 0, before: [], after: [], y: 0 }) - 1;
      rows[layer]?.push(place);
      link(points, last, place);
      along.push((last = place));
    }
    link(points, last, to);
    return along;
  });
  order(rows, points);
  straighten(rows, points);
  return corners(rows, points, boxes.length, passed);
}

function link(points: readonly Point[], from: number, to: number): void {
  points[from]?.after.push(to);
  points[to]?.before.push(from);
}

/** The layer of each box: after all that it needs, and no earlier than it is needed. */
function ranks(count: number, edges: readonly (readonly [number, number])[]): number[] {
  const rank = new Array<number>(count).fill(0);
  const [before, after] = [count, count].map((size) => Array.from({ length: size }, (): number[] => [])) as [number[][], number[][]];
  for (const [from, to] of edges) {
    after[from]?.push(to);
    before[to]?.push(from);
  }
  const waiting = before.map((list) => list.length);
  const line = waiting.flatMap((number, place) => (number === 0 ? [place] : []));
  for (const place of line) {
    for (const next of after[place] ?? []) {
      rank[next] = Math.max(rank[next] ?? 0, (rank[place] ?? 0) + 1);
      if (--(waiting as number[])[next]! === 0) line.push(next);
    }
  }
  for (const place of line.reverse()) {
    const uses = (after[place] ?? []).map((next) => rank[next] ?? 0);
    if (!before[place]?.length && uses.length) rank[place] = Math.min(...uses) - 1;
  }
  return rank;
}

/** Fewer crossings: each layer by the mean place of its neighbours, to and fro; the best one stays. */
function order(rows: number[][], points: readonly Point[]): void {
  const places = new Array<number>(points.length).fill(0);
  const number = (row: readonly number[]): void => row.forEach((point, place) => (places[point] = place));
  rows.forEach(number);
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows, points, places);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0;
    for (const row of forward ? rows : [...rows].reverse()) {
      const mean = new Map<number, number>();
      for (const point of row) {
        const near = (forward ? points[point]?.before : points[point]?.after) ?? [];
        mean.set(point, near.length ? near.reduce((sum, other) => sum + (places[other] ?? 0), 0) / near.length : (places[point] ?? 0));
      }
      row.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0) || (places[a] ?? 0) - (places[b] ?? 0));
      number(row);
    }
    const found = crossings(rows, points, places);
    if (found < fewest) [fewest, best] = [found, rows.map((row) => [...row])];
  }
  best.forEach((row, layer) => (rows[layer] = row));
}

function crossings(rows: readonly number[][], points: readonly Point[], places: readonly number[]): number {
  let count = 0;
  for (const row of rows) {
    const ends = row.flatMap((point) => (points[point]?.after ?? []).map((next) => places[next] ?? 0).sort((a, b) => a - b));
    for (let i = 1; i < ends.length; i++) {
      for (let j = 0; j < i; j++) if ((ends[j] ?? 0) > (ends[i] ?? 0)) count++;
    }
  }
  return count;
}

/** Each point at the level of its neighbours, as near as the distances in its layer allow. */
function straighten(rows: readonly number[][], points: readonly Point[]): void {
  const layersOf = rows.map((row) => row.map((place) => points[place]).filter((point) => point !== undefined));
  for (const row of layersOf) settle(row, row.map(() => 0), row.map(() => 1));
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) {
    for (const row of sweep % 2 ? [...layersOf].reverse() : layersOf) {
      const wanted: number[] = [];
      const weights: number[] = [];
      for (const point of row) {
        let [sum, weight] = [0, 0];
        for (const near of [...point.before, ...point.after]) {
          const other = points[near];
          if (!other) continue;
          const pull = (point.box < 0 ? 2 : 1) * (other.box < 0 ? 2 : 1); // long edges run straight
          sum += pull * (other.y + other.port - point.port);
          weight += pull;
        }
        wanted.push(weight ? sum / weight : point.y);
        weights.push(weight || 0.1);
      }
      settle(row, wanted, weights);
    }
  }
}

/** Least squares with least distances: pool neighbours that press on each other. */
function settle(row: readonly Point[], wanted: readonly number[], weights: readonly number[]): void {
  const offsets: number[] = [];
  let offset = 0;
  row.forEach((point, place) => {
    const last = row[place - 1];
    if (last) offset += (last.height + point.height) / 2 + (last.box < 0 || point.box < 0 ? APART.ways : APART.boxes);
    offsets.push(offset);
  });
  const pools: { sum: number; weight: number; count: number }[] = [];
  row.forEach((_, place) => {
    const weight = weights[place] ?? 1;
    let pool = { sum: weight * ((wanted[place] ?? 0) - (offsets[place] ?? 0)), weight, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.weight >= pool.sum / pool.weight; last = pools.at(-1)) {
      pool = { sum: pool.sum + last.sum, weight: pool.weight + last.weight, count: pool.count + last.count };
      pools.pop();
    }
    pools.push(pool);
  });
  let place = 0;
  for (const { sum, weight, count } of pools) {
    for (let i = 0; i < count; i++, place++) {
      const point = row[place];
      if (point) point.y = sum / weight + (offsets[place] ?? 0);
    }
  }
}

function corners(rows: readonly number[][], points: readonly Point[], boxes: number, passed: readonly number[][]): Placed {
  const top = points.reduce((least, point) => Math.min(least, point.y - point.height / 2), Infinity);
  const centre = new Array<number>(points.length).fill(0);
  let x = 0;
  rows.forEach((row, layer) => {
    const width = row.reduce((most, point) => Math.max(most, points[point]?.width ?? 0), 0);
    for (const point of row) centre[point] = x + width / 2;
    x += width + (layer < rows.length - 1 ? APART.layers : 0);
  });
  const at: [number, number][] = [];
  let height = 0;
  for (const point of points.slice(0, boxes)) {
    const y = Math.round(point.y - point.height / 2 - top);
    at.push([Math.round((centre[point.box] ?? 0) - point.width / 2), y]);
  }
  for (const point of points) height = Math.max(height, point.y + point.height / 2 - top);
  const ways = passed.map((along) => along.map((point): [number, number] => [centre[point] ?? 0, (points[point]?.y ?? 0) - top]));
  return { width: x, height: Math.ceil(height) || 0, at, ways };
}
