/** The ledger: what each parameter held, what was added to its `.grad`, what became of it. */
import { full, short } from "../model/format.ts";
import { ledger, type Entry, type LedgerRow } from "../model/ledger.ts";
import { indexOf } from "../model/tensor.ts";
import { useApp } from "../state/app.ts";

const ELEMENTS = 4; // most elements of a parameter with rows of their own
const ROWS = 200;

export function Ledger() {
  const app = useApp();
  const structure = app.shown.value?.structure;
  if (!structure) return null;
  const rows = ledger(structure, app.event.value);
  const column = (hue: string, id: string | null, head: string) => (
    <th class={hue} scope="col"><b>{head}</b> {id && app.say(id)}</th>
  );
  const sign = () => <td class="op" aria-hidden="true" />;
  return (
    <section class="led" aria-label={app.say("page-ledger")} tabIndex={0}>
      {rows.length === 0 ? <p class="hint">{app.say("page-no-parameters")}</p> : (
        <table>
          <thead>
            <tr>
              <th scope="col"><b>{app.say("page-ledger")}</b></th>
              {column("f", null, app.say("page-value"))}{sign()}
              {column("g", "page-before", ".grad")}{sign()}
              {column("g", null, app.say("page-contribution"))}{sign()}
              {column("g", "page-after", ".grad")}{sign()}
              {column("u", null, app.say("page-update"))}{sign()}
              {column("u", null, app.say("page-new-value"))}
            </tr>
          </thead>
          <tbody>{rows.slice(0, ROWS).map((row) => <Rows key={row.parameter} row={row} />)}</tbody>
        </table>
      )}
    </section>
  );
}

function Rows({ row }: { row: LedgerRow }) {
  const app = useApp();
  const parameter = app.recording.overview.parameters[row.parameter];
  if (!parameter) return null;
  const count = parameter.shape.reduce((product, length) => product * length, 1);
  const places = count <= ELEMENTS ? Array.from({ length: count }, (_, place) => place) : [null];
  return (
    <>
      {places.map((place) => (
        <tr key={place}>
          <th scope="row">
            {parameter.name}
            {place === null ? <i> {parameter.shape.join("×")}</i> : count > 1 ? `[${indexOf(place, parameter.shape).join(",")}]` : ""}
          </th>
          <td><Cell entry={row.value} place={place} hue="fw" /></td><td class="op" />
          <td><Cell entry={row.before} place={place} hue="gr" /></td><td class="op">+</td>
          <td><Cell entry={row.contribution} place={place} hue="gr" /></td><td class="op">=</td>
          <td><Cell entry={row.after} place={place} hue="gr" /></td><td class="op" />
          <td><Change row={row} place={place} /></td><td class="op" />
          <td><Cell entry={row.updated} place={place} hue="up" /></td>
        </tr>
      ))}
    </>
  );
}

function Cell({ entry, place, hue }: { entry: Entry; place: number | null; hue: string }) {
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
  const tensor = app.tensor(entry.slot);
  if (place === null || !tensor) {
    const value = app.value(entry.slot);
    const norm = value?.statistics?.norm ?? (tensor ? Math.hypot(...tensor.elements.map(Number)) : undefined);
    return <span class={`val ${hue}`}>{norm === undefined ? app.say("page-not-kept") : `‖·‖ ${short(norm)}`}</span>;
  }
  const element = tensor.elements[place];
  if (element === undefined) return <span class="dim">–</span>;
  const chosen = app.selection.value;
  const selected = chosen?.slot === entry.slot && chosen.place === place;
  return (
    <button
      type="button"
      class={`val ${hue}${selected ? " sel" : ""}`}
      title={full(element, tensor.code)}
      aria-pressed={selected}
      onClick={() => (app.selection.value = selected ? null : { slot: entry.slot, place })}
    >
      {short(element)}
    </button>
  );
}

/** What the update adds: new value − value, from PyTorch's own numbers. */
function Change({ row, place }: { row: LedgerRow; place: number | null }) {
  const app = useApp();
  if (row.updated.kind !== "slot") return <Cell entry={row.updated} place={place} hue="up" />;
  const before = row.value.kind === "slot" ? app.tensor(row.value.slot)?.elements : undefined;
  const after = app.tensor(row.updated.slot)?.elements;
  if (place === null || !before || !after) return <span class="dim">–</span>;
  const change = Number(after[place]) - Number(before[place]);
  return <span class="val up" title={full(change, "f8")}>{short(change)}</span>;
}
