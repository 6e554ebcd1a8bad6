/** What each key does; the help lists the same table. */
import type { App } from "./app.ts";

export interface Binding {
  readonly keys: readonly string[]; // as shown
  readonly id: string; // message of what it does
  readonly matches: (event: KeyboardEvent) => boolean;
  readonly run: (app: App) => void;
}

const plain = (key: string) => (event: KeyboardEvent): boolean => event.key === key && !event.shiftKey;
const shifted = (key: string) => (event: KeyboardEvent): boolean => event.key === key && event.shiftKey;

export const BINDINGS: readonly Binding[] = [
  { keys: ["←"], id: "page-previous-event", matches: plain("ArrowLeft"), run: (app) => app.moveEvent(-1) },
  { keys: ["→"], id: "page-next-event", matches: plain("ArrowRight"), run: (app) => app.moveEvent(1) },
  { keys: ["⇧", "←"], id: "page-previous-step", matches: shifted("ArrowLeft"), run: (app) => app.moveStep(-1) },
  { keys: ["⇧", "→"], id: "page-next-step", matches: shifted("ArrowRight"), run: (app) => app.moveStep(1) },
  { keys: ["↑"], id: "page-out-of-module", matches: plain("ArrowUp"), run: (app) => app.moveAcross("out") },
  { keys: ["↓"], id: "page-into-module", matches: plain("ArrowDown"), run: (app) => app.moveAcross("in") },
  { keys: ["n"], id: "page-next-change", matches: (event) => event.code === "KeyN", run: (app) => app.moveToChange() },
  { keys: ["space"], id: "page-play", matches: plain(" "), run: (app) => (app.playing.value = !app.playing.value) },
  { keys: ["<"], id: "page-slower", matches: (event) => event.key === "<", run: (app) => app.changeSpeed(-1) },
  { keys: [">"], id: "page-faster", matches: (event) => event.key === ">", run: (app) => app.changeSpeed(1) },
  { keys: ["esc"], id: "page-back-to-event", matches: plain("Escape"), run: (app) => app.inquiry.close() },
  { keys: ["?"], id: "page-all-keys", matches: (event) => event.key === "?", run: (app) => (app.help.value = !app.help.value) },
];

/** The same in few words, for the foot of the page. */
export const BRIEF: readonly (readonly [keys: readonly string[], id: string])[] = [
  [["←", "→"], "page-event"],
  [["⇧", "←", "→"], "page-step"],
  [["↑", "↓"], "page-modules"],
  [["n"], "page-next-change"],
  [["space"], "page-play"],
  [["?"], "page-all-keys"],
];

/** Listen to the keyboard; the returned function ends it. */
export function listen(app: App): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea, dialog")) return;
    // space and arrows keep their meaning where a person has gone to scroll or to press a button
    if (event.key === " " && target.closest("button")) return;
    if (event.key.startsWith("Arrow") && target.closest("[data-arrows]")) return;
    const binding = BINDINGS.find((candidate) => candidate.matches(event));
    if (!binding) return;
    event.preventDefault();
    binding.run(app);
  };
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}
