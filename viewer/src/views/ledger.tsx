/** The ledger: what each parameter held, what was added to its `.grad`, what became of it. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ExplanationData, ParameterData } from "../data/wire.ts";
import { full, short } from "../model/format.ts";
import { ledger, plainRate, rowCount, staleRows, type Entry, type LedgerRow } from "../model/ledger.ts";
import { indexOf, norm } from "../model/tensor.ts";
import { useApp } from "../state/app.ts";
import { Formula } from "./parts/math.tsx";
import { Norm } from "./parts/number.tsx";

const ELEMENTS = 4; // most elements of a parameter with rows of their own
const ROWS = 40; // to begin with, and more whenever their end comes into sight
const COLUMNS = 12;

export function Ledger() {
  const app = useApp();
  const shown = app.shown.value;
  const structure = shown?.structure;
  const most = useSignal(ROWS);
  const rate = useMemo(() => structure && plainRate(structure, (slot) => Number(app.tensor(slot)?.elements[0] ?? NaN)), [shown]);
  if (!structure || rate === undefined) return null;
  const rows = ledger(structure, app.event.value, most.value);
  const more = rowCount(structure) - rows.length;
  const column = (hue: string, id: string | null, head: string) => (
    <th class={hue} scope="col"><b>{head}</b> {id && app.say(id)}</th>
  );
  const sign = () => <td class="op" aria-hidden="true" />;
  return (
    <section class="led" aria-label={app.say("page-ledger")} tabIndex={0}>
      <Stale rows={staleRows(structure, app.event.value)} />
      {rows.length === 0 ? <p class="hint">{app.say("page-no-parameters")}</p> : (
        <table>
          <thead>
            <tr>
              <th scope="col"><b>{app.say("page-ledger")}</b></th>
              {column("f", null, app.say("page-value"))}{sign()}
              {column("g", "page-before", ".grad")}{sign()}
              {column("g", null, app.say("page-contribution"))}{sign()}
              {column("g", "page-after", ".grad")}{sign()}
              {rate === null ? column("u", null, app.say("page-update")) : <th class="u" scope="col"><b>−lr · .grad</b> lr {full(rate, "f4")}</th>}{sign()}
              {column("u", null, app.say("page-new-value"))}
            </tr>
          </thead>
          <tbody>{rows.map((row) => <Rows key={row.parameter} row={row} />)}</tbody>
        </table>
      )}
      {more > 0 && <Further key={rows.length} more={more} show={() => (most.value += ROWS)} />}
    </section>
  );
}

/** The end of the rows, while there are more. */
function Further({ more, show }: { more: number; show: () => void }) {
  const app = useApp();
  const end = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const watcher = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && show());
    if (end.current) watcher.observe(end.current);
    return () => watcher.disconnect();
  }, []);
  return <p class="hint" ref={end}>{app.say("page-more-parameters", { count: more })}</p>;
}

/** What no zero_grad() has cleared is added to, and the update reads both. */
function Stale({ rows }: { rows: readonly LedgerRow[] }) {
  const app = useApp();
  const held = rows.flatMap((row) => {
    const share = staleShare(app, row);
    const name = app.recording.overview.parameters[row.parameter]?.name ?? "";
    return share === null ? [] : [{ name, share }];
  });
  if (!held.length) return null;
  const names = held.slice(0, 4).map(({ name }) => name).join(", ") + (held.length > 4 ? ", …" : "");
  const share = `${Math.round(100 * Math.max(...held.map((one) => one.share)))} %`;
  return <p class="stale" role="status">⚠ {app.say("page-grows", { names, share })}</p>;
}

/** How large what `.grad` still held is beside the whole, as norms; null where it held nothing. */
function staleShare(app: ReturnType<typeof useApp>, row: LedgerRow): number | null {
  const size = (slot: number | null): number => norm(app.tensor(slot)) ?? app.figures(slot)?.statistics.norm ?? 0;
  const before = size(row.stale);
  if (!before) return null;
  return before / (before + size(row.contribution.kind === "slot" ? row.contribution.slot : null));
}

function Rows({ row }: { row: LedgerRow }) {
  const app = useApp();
  const open = useSignal(false);
  const parameter = app.recording.overview.parameters[row.parameter];
  if (!parameter) return null;
  const count = parameter.shape.reduce((product, length) => product * length, 1);
  const places = count <= ELEMENTS ? Array.from({ length: count }, (_, place) => place) : [null];
  const share = staleShare(app, row);
  return (
    <>
      {places.map((place) => (
        <tr key={place}>
          <th scope="row"><Name parameter={parameter} place={place} row={row} open={open.value} toggle={() => (open.value = !open.value)} /></th>
          <td><Cell entry={row.value} place={place} hue="fw" /></td><td class="op" />
          <td><Cell entry={row.before} place={place} hue={share === null ? "gr" : "gr stale"} /></td><td class="op">+</td>
          <td><Cell entry={row.contribution} place={place} hue="gr" /></td><td class="op">=</td>
          <td><After row={row} place={place} share={share} /></td><td class="op" />
          <td><Change row={row} place={place} /></td><td class="op" />
          <td><Cell entry={row.updated} place={place} hue="up" /></td>
        </tr>
      ))}
      {open.value && row.update !== null && <Terms update={row.update} />}
    </>
  );
}

function Name({ parameter, place, row, open, toggle }: { parameter: ParameterData; place: number | null; row: LedgerRow; open: boolean; toggle: () => void }) {
  const app = useApp();
  const said = place === null ? <i>{parameter.shape.join("×")}</i> : parameter.shape.length ? `[${indexOf(place, parameter.shape).join(",")}]` : "";
  const name = <bdi class="tail"><bdi>{parameter.name}</bdi></bdi>;
  if (row.update === null || place) return <span class="nm" title={parameter.name}>{name}{said}</span>;
  return (
    <button type="button" class="nm" aria-expanded={open} title={`${parameter.name}: ${app.say("page-terms")}`} onClick={toggle}>
      <span aria-hidden="true">{open ? "▾" : "▸"}</span>{name}{said}
    </button>
  );
}

/** The terms of an update: formula, and one element worked out. */
function Terms({ update }: { update: number }) {
  const app = useApp();
  const step = app.shown.value?.data.index;
  const told = useSignal<ExplanationData | null>(null);
  useEffect(() => {
    if (step === undefined) return;
    let here = true;
    app.recording.explanation(step, update).then((found) => here && (told.value = found), (error: unknown) => app.fail(error));
    return () => void (here = false);
  }, [step, update]);
  return (
    <tr class="update">
      <td colSpan={COLUMNS}>
        {update > app.event.value && <button type="button" class="link" onClick={() => (app.event.value = update)}>{app.say("page-at-event", { event: String(update) })}</button>}
        {told.value?.terms.map((term, place) => (
          <div key={place}>
            {term.math ? <Formula math={term.math} /> : <code>{term.symbol} = {term.formula}</code>}
            {term.worked && <span>{term.worked.index.length > 0 && <i>[{term.worked.index.join(", ")}]</i>} {term.worked.numbers} = <b>{term.worked.result}</b></span>}
          </div>
        ))}
      </td>
    </tr>
  );
}

function Cell({ entry, place, hue, share = null }: { entry: Entry; place: number | null; hue: string; share?: number | null }) {
  const app = useApp();
  if (entry.kind === "never") return <span class="dim">–</span>;
  if (entry.kind === "none") return <span class="nul">None</span>;
  if (entry.kind === "later") {
    return (
      <button type="button" class="pend" onClick={() => (app.event.value = entry.event)}>
        {app.say("page-at-event", { event: String(entry.event) })}
      </button>
    );
  }
  const { slot } = entry;
  const tensor = app.tensor(slot);
  const stack = share === null ? {} : { "--b": share };
  const kind = `val ${hue}${share === null ? "" : " stack"}`;
  if (place === null || !tensor) {
    const size = app.figures(slot)?.statistics.norm ?? norm(tensor);
    if (size === null) return <span class={kind}>{app.say("page-not-kept")}</span>;
    return <button type="button" class={kind} style={stack} title={app.say("page-tensor")} onClick={() => app.inquiry.choose(slot, 0, "tensor")}><Norm of={size} /></button>;
  }
  const element = tensor.elements[place];
  if (element === undefined) return <span class="dim">–</span>;
  const chosen = app.selection.value;
  const selected = chosen?.slot === slot && chosen.place === place;
  return (
    <button
      type="button"
      class={`${kind}${selected ? " sel" : ""}`}
      style={stack}
      title={full(element, tensor.code)}
      aria-pressed={selected}
      onClick={() => (selected ? app.inquiry.close() : app.inquiry.choose(slot, place))}
    >
      {short(element)}
    </button>
  );
}

/** `.grad` after the contribution, and what zero_grad() or clipping has made of it since. */
function After({ row, place, share }: { row: LedgerRow; place: number | null; share: number | null }) {
  const app = useApp();
  const cell = <Cell entry={row.after} place={place} hue="gr" share={share} />;
  const { changed } = row;
  if (!changed) return cell;
  const name = app.shown.value?.structure.events[changed.event]?.name;
  return (
    <div class="then">
      {cell}
      <button type="button" title={`${name}, ${app.say("page-at-event", { event: String(changed.event) })}`} onClick={() => (app.event.value = changed.event)}>→</button>
      <Cell entry={changed.to} place={place} hue="gr" />
    </div>
  );
}

/** What the update adds: new value − value, from PyTorch's own numbers. */
function Change({ row, place }: { row: LedgerRow; place: number | null }) {
  const app = useApp();
  if (row.updated.kind !== "slot") return <Cell entry={row.updated} place={place} hue="up" />;
  const before = row.value.kind === "slot" ? app.tensor(row.value.slot)?.elements : undefined;
  const after = app.tensor(row.updated.slot)?.elements;
  if (!before || !after) return <span class="dim">–</span>;
  const changes = after.map((element, at) => Number(element) - Number(before[at]));
  if (place === null) return <span class="val up"><Norm of={Math.hypot(...changes)} /></span>;
  const change = changes[place] ?? 0;
  return <span class="val up" title={full(change, "f8")}>{short(change)}</span>;
}
