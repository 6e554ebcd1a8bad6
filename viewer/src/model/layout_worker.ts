/** The thread that places boxes, so that the page never waits for it. */
import { Placer, type Plan } from "./placing.ts";

const placer = new Placer();

onmessage = ({ data }: MessageEvent<{ number: number; plan: Plan }>) => {
  postMessage({ number: data.number, placement: placer.place(data.plan) });
};
