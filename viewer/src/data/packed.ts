/** Text that came packed: gzip in base64. */
import { bytes } from "../model/tensor.ts";

/** Unpack it. */
export async function unpacked(base64: string): Promise<string> {
  const packed = new Blob([bytes(base64)]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
}
