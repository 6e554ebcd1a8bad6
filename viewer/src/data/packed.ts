/** Text that came packed: gzip in base64, or in the denser base 85. */
import { bytes } from "../model/tensor.ts";

async function inflated(packed: BlobPart): Promise<string> {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** Unpack it from base64. */
export const unpacked = (base64: string): Promise<string> => inflated(bytes(base64));

/**
 * Unpack it from base 85: a digit for how many bytes fill the last group, then five characters from
 * `(` on for each four bytes, the highest first; `#` and `%` stand for the backslash and for `<`.
 */
export function unpackedDense(text: string): Promise<string> {
  const found = new DataView(new ArrayBuffer(((text.length - 1) / 5) * 4));
  for (let at = 1; at < text.length; at += 5) {
    let group = 0;
    for (const character of text.slice(at, at + 5)) {
      group = group * 85 + (character === "#" ? 92 : character === "%" ? 60 : character.charCodeAt(0)) - 40;
    }
    found.setUint32(((at - 1) / 5) * 4, group);
  }
  return inflated(new Uint8Array(found.buffer, 0, found.byteLength - Number(text[0])));
}
