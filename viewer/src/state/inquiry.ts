/** The number that a person asks about, and the ones that led to it. */
import { batch, effect, signal, type Signal } from "@preact/signals";
import type { Asked, Selection } from "./address.ts";
import type { App } from "./app.ts";

export type Aspect = "why" | "tensor"; // where it came from, or the tensor that it lies in

export class Inquiry {
  /** The numbers that were asked before, the first one first. */
  readonly trail: Signal<readonly Asked[]> = signal([]);
  readonly aspect: Signal<Aspect> = signal("why");
  private own: Selection | null = null; // chosen by way of another one

  constructor(private readonly app: App) {}

  /** Take over what an address says. */
  goTo(trail: readonly Asked[], aspect: Aspect): void {
    this.own = this.app.selection.peek();
    this.trail.value = trail;
    this.aspect.value = aspect;
  }

  /** Ask for a number of the step that is shown, or for the tensor that it lies in. */
  choose(slot: number, place: number, aspect: Aspect = "why"): void {
    batch(() => {
      this.aspect.value = aspect;
      this.app.selection.value = { slot, place };
    });
  }

  /** Ask for a number by way of the one that is asked about now. */
  ask(step: number, slot: number, place: number): void {
    const here = this.here();
    this.show({ step, slot, place }, here ? [...this.trail.peek(), here] : []);
  }

  /** Go back to one of the numbers that led here. */
  back(place: number): void {
    const trail = this.trail.peek();
    const asked = trail[place];
    if (asked) this.show(asked, trail.slice(0, place));
  }

  close(): void {
    this.app.selection.value = null;
  }

  /** Ask for what a parameter's element became in another step. */
  async askUpdate(step: number, parameter: number, place: number): Promise<void> {
    const { structure } = await this.app.recording.step(step);
    const update = structure.events
      .filter((event) => event.kind === "update" && event.parameter === parameter).at(-1);
    if (update?.kind === "update" && update.after !== undefined) this.ask(step, update.after, place);
  }

  /** Follow what is chosen and where the playhead goes; called once the page stands. */
  follow(): void {
    let before = { step: this.app.step.peek(), event: this.app.event.peek(), chosen: this.app.selection.peek() };
    effect(() => {
      const now = { step: this.app.step.value, event: this.app.event.value, chosen: this.app.selection.value };
      const moved = now.step === before.step && before.event >= 0 && now.event !== before.event;
      const kept = now.chosen !== null && now.chosen === before.chosen;
      before = now;
      if (now.chosen !== this.own) this.trail.value = [];
      if (moved && kept) this.close(); // the playhead has left for something else
    });
  }

  private here(): Asked | null {
    const chosen = this.app.selection.peek();
    const step = this.app.shown.peek()?.data.index;
    return chosen && step !== undefined ? { step, ...chosen } : null;
  }

  private show({ step, slot, place }: Asked, trail: readonly Asked[]): void {
    batch(() => {
      this.own = { slot, place };
      this.trail.value = trail;
      this.app.step.value = step;
      this.app.selection.value = this.own;
    });
  }
}
