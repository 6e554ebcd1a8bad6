/** Where the elements of a tensor of any rank lie on a flat grid. */

export interface Raster {
  readonly rows: number;
  readonly columns: number;
  /** Row and column of an element, counted in row-major order. */
  readonly at: (place: number) => readonly [number, number];
}

const WRAP = 32; // most columns of a vector before it goes on in the next row

/** A vector lies in rows, a matrix as it is; of more dimensions, matrices lie side by side. */
export function raster(shape: readonly number[]): Raster {
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.length <= 1) {
    const columns = Math.max(1, Math.min(WRAP, count));
    return { rows: Math.ceil(count / columns), columns, at: (place) => [Math.floor(place / columns), place % columns] };
  }
  const width = shape.at(-1) || 1;
  const height = shape.at(-2) || 1;
  const tiles = Math.max(1, count / (width * height));
  const across = Math.max(1, Math.min(tiles, Math.ceil(Math.sqrt((tiles * height) / width))));
  return {
    rows: Math.ceil(tiles / across) * (height + 1) - 1,
    columns: across * (width + 1) - 1,
    at: (place) => {
      const tile = Math.floor(place / (width * height));
      const inside = place % (width * height);
      const row = Math.floor(tile / across) * (height + 1) + Math.floor(inside / width);
      return [row, (tile % across) * (width + 1) + (inside % width)];
    },
  };
}
