/** Moving the graph with mouse, touch and keyboard. */
import type { Scene } from "./scene.ts";

const SLOP = 4; // pixels a click may wander
const STRIDE = 80; // pixels an arrow key moves
const STEP = 1.25; // of zoom

/** Listen on the stage; the returned function ends it. */
export function listen(stage: HTMLElement, scene: Scene): () => void {
  const end = new AbortController();
  const pointers = new Map<number, readonly [number, number]>();
  let dragging = false;
  const inside = (event: MouseEvent): [number, number] => {
    const frame = stage.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const on = <K extends keyof HTMLElementEventMap>(kind: K, run: (event: HTMLElementEventMap[K]) => void, capture = false): void =>
    stage.addEventListener(kind, run, { signal: end.signal, capture, passive: false });

  on("wheel", (event) => {
    event.preventDefault();
    const line = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey) scene.zoom(Math.exp(-event.deltaY * line * 0.004), inside(event));
    else if (event.shiftKey && !event.deltaX) scene.pan(event.deltaY * line, 0);
    else scene.pan(event.deltaX * line, event.deltaY * line);
  });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, inside(event));
    dragging = false;
  });
  on("pointermove", (event) => {
    const here = inside(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      scene.hovered.value = scene.hit(...here);
      return;
    }
    const [dx, dy] = [here[0] - before[0], here[1] - before[1]];
    if (!dragging && Math.hypot(dx, dy) < SLOP) return;
    if (!dragging) stage.setPointerCapture(event.pointerId);
    dragging = true;
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = ([x, y]: readonly [number, number]): number => Math.hypot(x - other[0], y - other[1]) || 1;
      scene.zoom(apart(here) / apart(before), [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2]);
    } else scene.pan(-dx, -dy);
    pointers.set(event.pointerId, here);
  });
  const lift = (event: PointerEvent): void => void pointers.delete(event.pointerId);
  on("pointerup", lift);
  on("pointercancel", lift);
  on("pointerleave", () => (scene.hovered.value = null));
  // the click that ends a drag is none
  on("click", (event) => {
    if (dragging) event.stopPropagation();
    dragging = false;
  }, true);
  on("keydown", (event) => {
    if (event.target !== scene.canvas || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => scene.pan(-STRIDE, 0),
      ArrowRight: () => scene.pan(STRIDE, 0),
      ArrowUp: () => scene.pan(0, -STRIDE),
      ArrowDown: () => scene.pan(0, STRIDE),
      "+": () => scene.zoom(STEP),
      "=": () => scene.zoom(STEP),
      "-": () => scene.zoom(1 / STEP),
      "0": () => scene.fit(),
    };
    const move = moves[event.key];
    if (!move || event.shiftKey && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  });
  return () => end.abort();
}
