/** A formula that shrinks a little rather than be cut off; a longer one scrolls. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Formula } from "./math.tsx";

const SMALLEST = 0.64; // of the size of text that formulas have

export function Fitted({ math, children }: { math: string | null; children?: ComponentChildren }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = frame.current;
    if (!place) return;
    const fit = (): void => {
      place.style.removeProperty("--fit");
      const share = place.clientWidth / place.scrollWidth;
      if (share < 1) place.style.setProperty("--fit", String(Math.max(SMALLEST, share * 0.98)));
    };
    const watcher = new ResizeObserver(fit); // it begins with a first report
    watcher.observe(place);
    return () => watcher.disconnect();
  }, [math]);
  return <div class="fx" ref={frame} tabIndex={0}>{math && <Formula math={math} />}{children}</div>;
}
