/** Asks the thread that places boxes. */
import script from "worker:layout";
import type { Placement, Plan } from "../../model/placing.ts";

// it starts while the page waits for its data
const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
let asked = 0;
const waiting = new Map<number, (placement: Placement) => void>();

worker.onmessage = ({ data }: MessageEvent<{ number: number; placement: Placement }>) => {
  waiting.get(data.number)?.(data.placement);
  waiting.delete(data.number);
};

export function place(plan: Plan): Promise<Placement> {
  const number = asked++;
  worker.postMessage({ number, plan });
  return new Promise((resolve) => waiting.set(number, resolve));
}
