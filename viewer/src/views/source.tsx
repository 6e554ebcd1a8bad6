/** The user's own code: the running expression lit to the column, values beside the lines. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { SiteData } from "../data/wire.ts";
import { short } from "../model/format.ts";
import { eventsOf, lineNotes, running, type LineNote } from "../model/source_lines.ts";
import { useApp } from "../state/app.ts";

type Word = readonly [string, string];
const BESIDE = 4; // most elements that stand beside a line

export function Source() {
  const app = useApp();
  const file = app.file.value;
  const structure = app.shown.value?.structure;
  const event = app.current.value;
  const pane = useRef<HTMLDivElement>(null);
  const now = structure && event ? running(structure, event) : { call: null, origin: null };
  const number = file ? app.recording.overview.files.indexOf(file.path) : -1;
  const line = now.origin?.line;
  const { parameters } = app.recording.overview;
  const names = useMemo(() => new Set(parameters.map(({ name }) => name)), [parameters]);
  useEffect(() => {
    const lit = pane.current?.querySelector<HTMLElement>("mark") ?? pane.current?.querySelector<HTMLElement>(".run");
    if (pane.current && lit) reveal(pane.current, lit);
  }, [line, file, event?.index]);
  if (!structure) return null;
  const notes = lineNotes(structure, number, app.event.value);
  return (
    <section class="pane p-s">
      <header><h2>{app.say("page-source")}</h2><span class="sub mono">{file?.path.split(/[\\/]/).at(-1)}</span></header>
      <div class="src" ref={pane} tabIndex={0} role="group" aria-label={app.say("page-source")}>
        {file?.lines.map((words, place) => {
          const at = place + 1;
          const call = now.call?.file === number && at >= now.call.line && at <= now.call.end_line;
          const span = now.origin?.file === number ? columns(now.origin, at, words) : null;
          const note = notes.get(at);
          const deep = indent(words); // padding, not text: a long word would leave the spaces alone on a line
          return (
            <div
              key={at}
              class={`ln${call ? " run" : ""}${note ? " goes" : ""}${words.length ? "" : " blank"}`}
              style={{ "--i": deep }}
              onClick={() => note && go(at)}
            >
              <i>{at}</i>
              <div>
                <span><Words names={names} words={cut(words, deep)[1]} span={span && [Math.max(0, span[0] - deep), span[1] - deep]} /></span>
                {note && <Beside note={note} />}
              </div>
            </div>
          );
        })}
      </div>
      <Saying call={now.call} origin={now.origin} />
    </section>
  );

  /** To the line's first event, or to its next one where the playhead stands on it. */
  function go(line: number): void {
    if (!structure) return;
    const events = eventsOf(structure, number, line);
    const later = events[(events.indexOf(app.event.value) + 1) % events.length];
    if (later !== undefined) app.event.value = later;
  }
}

/** Scroll the pane, never the page, until an element is in sight. */
function reveal(pane: HTMLElement, element: HTMLElement): void {
  const frame = pane.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  if (top < frame.top + 22) pane.scrollTop += top - frame.top - frame.height / 3;
  else if (bottom > frame.bottom - 22) pane.scrollTop += bottom - frame.top - (2 * frame.height) / 3;
}

/** The columns of a line that a site covers. */
function columns(site: SiteData, line: number, words: readonly Word[]): readonly [number, number] | null {
  if (line < site.line || line > site.end_line) return null;
  const length = words.reduce((sum, [, text]) => sum + text.length, 0);
  const start = line === site.line ? site.column : indent(words);
  const end = line === site.end_line ? site.end_column : length;
  return end > start ? [start, end] : null;
}

/** Spaces before a line's first word. */
function indent(words: readonly Word[]): number {
  return /^\s*/.exec(words.map(([, text]) => text).join(""))?.[0].length ?? 0;
}

function Words({ names, words, span }: { names: ReadonlySet<string>; words: readonly Word[]; span: readonly [number, number] | null }) {
  const styled = (part: readonly Word[]) =>
    part.map(([kind, text], place) => {
      const style = kind === "name" && names.has(text) ? "par" : kind;
      return style ? <span key={place} class={`w-${style}`}>{text}</span> : text;
    });
  if (!span) return <>{styled(words)}</>;
  const [before, rest] = cut(words, span[0]);
  const [lit, after] = cut(rest, span[1] - span[0]);
  return <>{styled(before)}<mark>{styled(lit)}</mark>{styled(after)}</>;
}

/** Words before and after a column. */
function cut(words: readonly Word[], column: number): [Word[], Word[]] {
  const before: Word[] = [];
  const after: Word[] = [];
  for (const [kind, text] of words) {
    const here = Math.max(0, Math.min(text.length, column));
    if (here > 0) before.push([kind, text.slice(0, here)]);
    if (here < text.length) after.push([kind, text.slice(here)]);
    column -= text.length;
  }
  return [before, after];
}

function Beside({ note }: { note: LineNote }) {
  const app = useApp();
  if (!note.come) return <u class="q">{app.say("page-to-come")}</u>;
  const event = app.shown.value?.structure.events[note.event];
  const running = app.current.value;
  if (event?.kind === "backward" && running?.kind === "node") {
    const runs = app.shown.value?.structure.events.filter((run) => run.kind === "node" && run.number === event.number);
    const number = (runs?.findIndex((run) => run.index === running.index) ?? 0) + 1;
    return <u class="g">{app.say("page-node-of", { number: String(number), count: String(runs?.length ?? 0) })}</u>;
  }
  if (note.slot === null) return <u class="q">{event?.kind === "zero_grad" ? event.label : ""}</u>;
  const tensor = app.tensor(note.slot);
  if (!tensor || tensor.elements.length > BESIDE) {
    const shape = app.shown.value?.structure.slots[note.slot]?.shape ?? [];
    return <u class="q">{shape.join("×")}</u>;
  }
  return <u>{tensor.elements.map((element, place) => <span key={place}>{short(element, 3)}</span>)}</u>;
}

function Saying({ call, origin }: { call: SiteData | null; origin: SiteData | null }) {
  const app = useApp();
  if (!call) return <p class="why">{app.say("page-no-source")}</p>;
  const oneLine = (site: SiteData): string => site.expression.split(/\s+/).join(" ");
  if (!origin || (origin.line === call.line && origin.column === call.column && origin.file === call.file)) return <p class="why"><code>{oneLine(call)}</code> {app.say("page-running")}</p>;
  return (
    <p class="why">
      <code>{oneLine(call)}</code>{" "}
      {app.say("page-running-at", { line: String(origin.line), first: String(origin.column), last: String(origin.end_column) })}{" "}
      <code>{oneLine(origin)}</code>
    </p>
  );
}
