/** Elements of a tensor, decoded from raw bytes. */
import type { ArrayData } from "../data/wire.ts";

export interface Complex {
  readonly re: number;
  readonly im: number;
}
export type Element = number | bigint | boolean | Complex;

export interface Tensor {
  readonly shape: readonly number[];
  readonly code: ArrayData["code"];
  readonly elements: readonly Element[];
}

/** The bytes of a base64 text. */
export function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const found = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) found[i] = text.charCodeAt(i);
  return found;
}

const TYPED = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
  c8: Float32Array,
  c16: Float64Array,
} as const;

/** Bytes of an element. */
export const ITEM: Readonly<Record<ArrayData["code"], number>> = {
  f4: 4, f8: 8, i1: 1, i2: 2, i4: 4, i8: 8, u1: 1, u2: 2, u4: 4, u8: 8, b1: 1, c8: 8, c16: 16,
};

/** The number of elements of a shape. */
export const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The elements of an array; bytes behind them are left alone. */
export function decode(data: ArrayData): Tensor {
  const kind = data.code;
  const typed = new TYPED[kind](bytes(data.data).buffer, 0, (size(data.shape) * ITEM[kind]) / TYPED[kind].BYTES_PER_ELEMENT);
  let elements: Element[] = Array.from(typed as ArrayLike<number | bigint>);
  if (kind === "b1") elements = elements.map(Boolean);
  if (kind === "c8" || kind === "c16") {
    const parts = elements as number[];
    elements = parts.flatMap((re, i) => (i % 2 ? [] : [{ re, im: parts[i + 1] ?? 0 }]));
  }
  return { shape: data.shape, code: data.code, elements };
}

/** How large an element is, for the strength of its cell. */
export function magnitude(element: Element): number {
  if (typeof element === "object") return Math.hypot(element.re, element.im);
  return Math.abs(Number(element));
}

/** The largest finite magnitude, 0 where there is none. */
export function largest(elements: readonly Element[]): number {
  let found = 0;
  for (const element of elements) {
    const size = magnitude(element);
    if (Number.isFinite(size) && size > found) found = size;
  }
  return found;
}

/** Index by dimension of a place in row-major order. */
export function indexOf(place: number, shape: readonly number[]): number[] {
  const found: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    found.unshift(place % length);
    place = Math.floor(place / length);
  }
  return found;
}

/** The Euclidean norm of all elements, null where there are none to take it of. */
export function norm(tensor: Tensor | null): number | null {
  return tensor && Math.sqrt(tensor.elements.reduce<number>((sum, element) => sum + magnitude(element) ** 2, 0));
}
