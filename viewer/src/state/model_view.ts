/** The model view: whether it is open, and what it shows of the step. */
import { effect, signal, type Signal } from "@preact/signals";
import { Refused } from "../data/recording.ts";
import type { ExamplesData, ModelData, PathData, SurfaceData } from "../data/wire.ts";
import { nextPicture, withPicture, type Pair } from "../model/model_view.ts";
import type { App } from "./app.ts";

const PACE = 120; // milliseconds a step stays while playing, if its pictures have come

export class ModelView {
  readonly open = signal(false);
  readonly pair: Signal<Pair | null> = signal(null); // two elements of parameters, null: the page chooses
  readonly model: Signal<ModelData | null> = signal(null);
  readonly surface: Signal<SurfaceData | null> = signal(null);
  readonly examples: Signal<ExamplesData | null> = signal(null);
  readonly path: Signal<PathData | null> = signal(null);
  /** The step that was asked for last, and whether all of it has come. */
  private asked: number | null = null;
  private settled = true;

  constructor(private readonly app: App) {}

  /** Fetch what the open view needs; from then on, whenever step or elements change. */
  react(): void {
    effect(() => {
      const step = this.app.shown.value?.data.index;
      const pair = this.pair.value;
      if (this.open.value && step !== undefined) void this.load(step, pair);
    });
  }

  /** Go on to a later step, unless the pictures of this one are still on their way. */
  play(): () => void {
    const { app } = this;
    const timer = setInterval(() => {
      const step = app.step.peek();
      if (step === null || !this.settled || app.shown.peek()?.data.index !== step) return;
      const next = nextPicture(app.recording.overview, step);
      if (next === step) app.playing.value = false;
      else app.openStep(next);
    }, PACE / this.app.speed.value);
    return () => clearInterval(timer);
  }

  private async load(shown: number, pair: Pair | null): Promise<void> {
    const { recording } = this.app;
    const step = withPicture(recording.overview, shown);
    this.asked = step;
    this.settled = false;
    const current = (): boolean => this.asked === step && this.pair.peek() === pair;
    const model = recording.model(step).then(async (found) => {
      if (current()) this.model.value = found;
      const examples = found.boundary ? await recording.examples(step, found.boundary.input) : null;
      if (current()) this.examples.value = examples;
    });
    const surface = recording.surface(step, pair).then(async (found) => {
      if (current()) this.surface.value = found;
      const [first, second] = found.axes;
      const path = first && second ? await recording.path([first, second]) : null;
      if (current()) this.path.value = path;
    });
    for (const done of await Promise.allSettled([model, surface])) {
      if (done.status === "rejected" && current()) this.lacking(done.reason);
    }
    if (current()) this.settled = true;
  }

  /** An exported file has no surface where there is no boundary; all else is told. */
  private lacking(reason: unknown): void {
    const left = reason instanceof Refused && reason.message === "not-exported";
    if (left && this.model.peek()) this.surface.value = null;
    else this.app.fail(reason);
  }
}
