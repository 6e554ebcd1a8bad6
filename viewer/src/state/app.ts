/** The state of the page: what is looked at, and what is known of it so far. */
import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Refused, type FullStep, type Recording } from "../data/recording.ts";
import type { EventData, ExplanationData, FiguresData, FindingData, SourceData } from "../data/wire.ts";
import { acrossModule, firstNaN, nearestStep, neighbourStep, newestStep, nextChange, openingEvent, openingStep, whatWentWrong } from "../model/playhead.ts";
import { names } from "../model/naming.ts";
import type { Tensor } from "../model/tensor.ts";
import { say, type Arguments, type Language } from "../text/catalogue.ts";
import { parse, write, type Selection, type Theme } from "./address.ts";
import { Inquiry } from "./inquiry.ts";
import { known, remember } from "./memory.ts";
import { ModelView } from "./model_view.ts";

/** What went wrong, as a message of the catalogue. */
export interface Problem {
  readonly id: string;
  readonly args: Arguments;
}

const OPENING = -1; // instead of an event: the page chooses
const GRAPH_PATIENCE = 1000; // milliseconds
const PACE = 900; // milliseconds an event stays while playing, at speed 1
export const SPEEDS: readonly number[] = [0.5, 1, 2, 4, 8];

export class App {
  readonly step: Signal<number | null> = signal(null); // asked for
  readonly event = signal(0);
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  readonly selection: Signal<Selection | null> = signal(null);
  readonly window: Signal<readonly [number, number] | null> = signal(null);
  readonly playing = signal(false);
  readonly speed = signal(1); // of playing
  readonly help = signal(false);
  readonly tour: Signal<number | null> = signal(null); // which stop of the tour is shown
  /** Go to each step that comes, while the run goes on. */
  readonly following = signal(false);
  readonly visited = signal(known("visited") !== null);
  readonly justEnded = signal(false); // the run has ended while the page was open
  readonly findings: Signal<readonly FindingData[]> = signal([]); // what the diagnosis says
  readonly problem: Signal<Problem | null> = signal(null);
  /** The step that is shown: it stays until the one asked for has come. */
  readonly shown: Signal<FullStep | null> = signal(null);
  /** The structure whose graph stands, or was waited for long enough. */
  readonly placed: Signal<FullStep["structure"] | null> = signal(null);
  readonly explanation: Signal<ExplanationData | null> = signal(null);
  readonly file: Signal<SourceData | null> = signal(null);
  readonly current = computed<EventData | null>(
    () => this.shown.value?.structure.events[this.event.value] ?? null,
  );
  readonly inquiry = new Inquiry(this);
  readonly modelView = new ModelView(this);

  constructor(readonly recording: Recording, hash: string) {
    const asked = parse(hash);
    this.language = signal(asked.language ?? (navigator.language.startsWith("ko") ? "ko" : "en"));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    this.theme = signal(asked.theme ?? (dark ? "dark" : "light"));
    this.goTo(hash);
    const { live } = this.recording.overview;
    this.following.value = live && asked.step === null;
    this.react();
  }

  /** A text of the page in the reader's language. */
  say(id: string, args?: Arguments): string {
    return say(this.language.value, id, args);
  }

  /** Take over the state that an address names. */
  goTo(hash: string): void {
    const asked = parse(hash);
    batch(() => {
      this.step.value = asked.step ?? openingStep(this.recording.overview);
      this.event.value = asked.event ?? OPENING;
      this.selection.value = asked.selection;
      this.inquiry.goTo(asked.trail, asked.aspect);
      this.window.value = asked.window;
      this.modelView.open.value = asked.model;
      this.modelView.pair.value = asked.pair;
      if (asked.language) this.language.value = asked.language;
      if (asked.theme) this.theme.value = asked.theme;
    });
  }

  // -- the playhead -----------------------------------------------------------------------------

  moveEvent(direction: 1 | -1): void {
    this.following.value = false;
    const count = this.shown.value?.structure.events.length ?? 0;
    const next = this.event.value + direction;
    if (next >= 0 && next < count) this.event.value = next;
    else if (next >= count) this.moveStep(1, 0);
    else this.moveStep(-1, Infinity);
  }

  /** Go to a neighbouring full step, to the same event where nothing else is said. */
  moveStep(direction: 1 | -1, event = this.event.value): void {
    const from = this.step.value;
    if (from === null) return;
    const next = neighbourStep(this.recording.overview, from, direction);
    if (next === from) this.playing.value = false;
    else this.openStep(next, event);
  }

  openStep(step: number | null, event = this.event.value): void {
    this.following.value = false;
    this.showStep(step, event);
  }

  /** Go to the event that a finding was first seen in, or near it. */
  openFinding({ step, event }: FindingData): void {
    const near = step === undefined ? null : nearestStep(this.recording.overview, step);
    if (near !== null) this.openStep(near, near === step ? event : undefined);
  }

  private showStep(step: number | null, event: number): void {
    batch(() => {
      this.step.value = step;
      this.event.value = event;
      this.selection.value = null;
    });
  }

  /** Go along with a run that is still writing, or stay where one is. */
  follow(on: boolean): void {
    this.following.value = on;
    if (on) this.toNewest();
  }

  /** Show the newest step, if the page goes along with the run. */
  toNewest(): void {
    const step = this.following.peek() ? newestStep(this.recording.overview) : null;
    if (step !== null && step !== this.step.peek()) this.showStep(step, this.event.peek());
    else if (this.step.peek() === null) this.showStep(openingStep(this.recording.overview), OPENING);
  }

  moveToChange(): void {
    const events = this.shown.value?.structure.events ?? [];
    const next = nextChange(events, this.event.value);
    if (next === this.event.value) this.moveStep(1, 0);
    else {
      this.following.value = false;
      this.event.value = next;
    }
  }

  /** Play faster or slower; round, from the fastest to the slowest, where nothing else is said. */
  changeSpeed(by: 1 | -1, round = false): void {
    const place = SPEEDS.indexOf(this.speed.value) + by;
    this.speed.value = SPEEDS[round ? place % SPEEDS.length : place] ?? this.speed.value;
  }

  moveAcross(direction: "in" | "out"): void {
    const events = this.shown.value?.structure.events ?? [];
    this.event.value = acrossModule(events, this.event.value, direction);
  }

  // -- values -----------------------------------------------------------------------------------

  /** What came along of a slot whose elements did not, undefined where nothing was kept. */
  figures(slot: number | null | undefined): FiguresData | undefined {
    return slot === null || slot === undefined ? undefined : this.shown.value?.values.figures(slot);
  }

  /** What a slot of the step that is shown is called. */
  name(slot: number): string {
    const structure = this.shown.value?.structure;
    return (structure && names(structure, this.recording.overview.parameters)[slot]) ?? "";
  }

  /** All elements of a slot, where they came along. */
  tensor(slot: number | null | undefined): Tensor | null {
    return slot === null || slot === undefined ? null : (this.shown.value?.values.tensor(slot) ?? null);
  }

  // -- what follows from what -------------------------------------------------------------------

  private react(): void {
    this.inquiry.follow();
    effect(() => {
      const step = this.step.value;
      if (step !== null) void this.load(step);
    });
    effect(() => {
      const step = this.shown.value?.data.index;
      const event = this.current.value;
      if (step === undefined || !event || this.placed.value !== this.shown.value?.structure) return;
      this.fetch(this.recording.explanation(step, event.index), (found) => {
        if (this.shown.peek()?.data.index === step && this.event.peek() === event.index) {
          this.explanation.value = found;
          if (this.problem.peek()?.id === "page-failed") this.problem.value = null;
        }
      });
    });
    effect(() => {
      // explaining the first event of a structure keeps a processor busy that placing its graph needs
      const structure = this.shown.value?.structure;
      if (!structure || structure === this.placed.value) return;
      const patience = this.modelView.open.value ? 0 : GRAPH_PATIENCE;
      const timer = setTimeout(() => (this.placed.value = structure), patience);
      return () => clearTimeout(timer);
    });
    effect(() => {
      const structure = this.shown.value?.structure;
      const site = this.current.value?.site;
      const number = (site === undefined ? undefined : structure?.sites[site]?.file) ?? this.lastFile;
      if (!structure || number >= this.recording.overview.files.length) return;
      this.lastFile = number;
      this.fetch(this.recording.file(number), (found) => (this.file.value = found));
    });
    effect(() => {
      const hash = write({
        step: this.step.value,
        event: this.event.value < 0 ? null : this.event.value,
        language: this.language.value,
        theme: this.theme.value,
        selection: this.selection.value,
        trail: this.inquiry.trail.value,
        aspect: this.inquiry.aspect.value,
        window: this.window.value,
        model: this.modelView.open.value,
        pair: this.modelView.pair.value,
      });
      const writable = location.protocol !== "about:"; // a notebook's cell has no address
      clearTimeout(this.writing);
      if (!writable || !Number.isFinite(this.event.value)) return;
      // writing it takes milliseconds: after the frame that shows the change
      this.writing = setTimeout(() => hash !== location.hash && history.replaceState(null, "", hash));
    });
    effect(() => {
      if (this.visited.value) remember("visited", "yes");
    });
    effect(() => {
      if (!this.playing.value) return;
      if (this.modelView.open.value) return this.modelView.play();
      const timer = setInterval(() => this.moveEvent(1), PACE / this.speed.value);
      return () => clearInterval(timer);
    });
    this.modelView.react();
    // the root is touched only where something changes: the style of the whole page hangs on it
    const root = document.documentElement;
    const phase = computed(() => this.current.value?.phase ?? "forward");
    effect(() => void (root.lang = this.language.value));
    effect(() => void (root.dataset["theme"] = this.theme.value));
    effect(() => void (root.dataset["phase"] = phase.value));
  }

  private lastFile = 0;
  private writing: ReturnType<typeof setTimeout> | undefined;

  private async load(step: number): Promise<void> {
    if (this.shown.peek()?.data.index === step && this.event.peek() >= 0) return;
    if (!this.recording.full(step)) {
      const { exported, steps, name } = this.recording.overview;
      const id = exported ? "page-not-exported" : "page-no-such-step";
      this.shown.value = null;
      this.problem.value = exported || step >= steps ? { id, args: { step: String(step), steps: String(steps), name } } : null;
      return;
    }
    try {
      const found = await this.recording.step(step);
      if (this.step.peek() !== step) return;
      batch(() => {
        this.shown.value = found;
        const last = found.structure.events.length - 1;
        const asked = this.event.peek();
        this.event.value = asked < 0 ? this.opening(found) : Math.max(0, Math.min(asked, last));
        this.problem.value = null;
      });
    } catch (error) {
      const shown = this.shown.peek()?.data.index;
      if (shown !== undefined && this.step.peek() === step) this.step.value = shown; // what is said and what is seen belong together
      this.fail(error);
    }
  }

  private fetch<T>(promise: Promise<T>, then: (found: T) => void): void {
    promise.then(then, (error: unknown) => this.fail(error));
  }

  private opening({ data, structure, values }: FullStep): number {
    const wrong = whatWentWrong(this.recording.overview);
    const here = wrong?.step === data.index ? wrong : undefined;
    const nan = (slot: number): boolean => {
      const figures = values.figures(slot);
      return figures ? figures.statistics.nans > 0 : (values.tensor(slot)?.elements.some(Number.isNaN) ?? false);
    };
    const began = here?.kind === "nonfinite" && here.text === "nan" ? firstNaN(structure.events, nan) : undefined;
    const event = began ?? here?.event;
    return openingEvent(structure.events, event === undefined ? undefined : Math.min(event, structure.events.length - 1));
  }

  /** Say what went wrong; what is no refusal is an error of the page. */
  fail(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    const name = this.recording.overview.name;
    const id = `page-${error.message}`;
    const known = ["page-server-gone", "page-not-exported", "page-vanished"].includes(id);
    this.problem.value = known ? { id, args: { name } } : { id: "page-failed", args: { reason: error.message } };
  }
}

const Context = createContext<App | null>(null);
export const AppProvider = Context.Provider;

/** The state, for views. */
export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error("a view outside the page");
  return app;
}
