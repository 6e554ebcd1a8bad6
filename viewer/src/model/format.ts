/** Numbers as people read them: U+2212 for minus, four decimals where that says enough. */
import type { Element } from "./tensor.ts";

const minus = (text: string): string => text.replaceAll("-", "\u2212");

/** A number with a fixed count of decimals, or with an exponent where that would lose it. */
export function short(element: Element, decimals = 4): string {
  if (typeof element === "object") {
    const sign = element.im < 0 ? "\u2212" : "+";
    return `${short(element.re, 2)}${sign}${short(Math.abs(element.im), 2)}i`;
  }
  if (typeof element !== "number") return minus(String(element));
  if (Number.isNaN(element)) return "NaN";
  if (!Number.isFinite(element)) return element > 0 ? "∞" : "\u2212∞";
  if (Number.isInteger(element) && Math.abs(element) < 1e6) return minus(String(element));
  const size = Math.abs(element);
  if (size >= 10 ** (6 - Math.min(decimals, 2)) || size < 10 ** -decimals / 2) {
    return minus(element.toExponential(Math.max(1, decimals - 3)).replace("e+", "e"));
  }
  return minus(element.toFixed(size >= 1000 ? Math.min(decimals, 1) : decimals));
}

/** A number in full: the shortest text that reads back to the same one. */
export function full(element: Element, code: string): string {
  if (typeof element === "object") {
    const part = code === "c8" ? "f4" : "f8";
    return `${full(element.re, part)} + ${full(element.im, part)}i`;
  }
  if (typeof element !== "number" || !Number.isFinite(element)) return short(element);
  if (code !== "f4" && code !== "f2") return minus(String(element));
  for (let digits = 1; digits <= 9; digits++) {
    const text = element.toPrecision(digits);
    if (Math.fround(Number(text)) === element) return minus(String(Number(text)));
  }
  return minus(String(element));
}

/** `4×1`, or nothing for a scalar. */
export function shape(lengths: readonly number[]): string {
  return lengths.join("×");
}

/** A count with thin spaces between thousands. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, number >= 10_000 ? "\u202f" : "");
}

/** A number that came as text, for reading and in full; what JavaScript cannot read stays as it is. */
export function told(text: string): { readonly short: string; readonly full: string } {
  const number = Number(text);
  if (Number.isNaN(number) && text !== "NaN") return { short: text.replaceAll("-", "\u2212"), full: text };
  return { short: short(number), full: full(number, Math.fround(number) === number ? "f4" : "f8") };
}
