/** One equation: typeset, with its result, and one element worked out. */
import type { LineData, TermData, WorkedData } from "../../data/wire.ts";
import { full, short, shape } from "../../model/format.ts";
import { cells } from "../../model/layout.ts";
import { decode, largest, magnitude } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { Fitted } from "../parts/fitted.tsx";
import { Whole } from "../parts/whole.tsx";

/** What a line is to the ledger. */
const ROLES: Readonly<Record<string, string>> = {
  before: "why-before",
  contribution: "page-contribution",
  read: "page-read",
  after: "why-after",
};

export function LineView({ line, backward }: { line: LineData; backward: boolean }) {
  const app = useApp();
  const hue = backward || line.symbol.endsWith(".grad") ? "gr" : "fw";
  const form = line.slot === undefined ? undefined : app.shown.value?.structure.slots[line.slot]?.shape;
  return (
    <div class="eq">
      {line.math && <Fitted math={line.math} />}
      <div class="res">
        <span class={`sym ${hue[0]}`}>{line.symbol}<i>{form && shape(form)}</i>{line.role && <small>{app.say(ROLES[line.role] ?? "page-value")}</small>}</span>
        {line.slot === undefined ? <code>None</code> : <Whole slot={line.slot} hue={hue} />}
      </div>
      {line.worked && <Worked worked={line.worked} />}
      {line.summed && <p class="worked">{line.summed}</p>}
    </div>
  );
}

export function TermView({ term }: { term: TermData }) {
  const tensor = term.elements && decode(term.elements);
  const grid = tensor && cells(tensor.shape);
  const most = tensor ? largest(tensor.elements) || 1 : 1;
  return (
    <div class="eq">
      {term.math && <Fitted math={term.math} />}
      {tensor && grid && (
        <div class="res">
          <span class="sym u">{term.symbol}</span>
          <div class="cells" style={{ "--c": grid.columns }}>
            {tensor.elements.map((element, place) => (
              <span key={place} class="v up" style={{ "--m": Math.min(1, magnitude(element) / most) || 0 }} title={full(element, tensor.code)}>
                {short(element)}
              </span>
            ))}
          </div>
        </div>
      )}
      {term.worked && <Worked worked={term.worked} />}
    </div>
  );
}

function Worked({ worked }: { worked: WorkedData }) {
  const app = useApp();
  if (worked.numbers === worked.result) return null;
  return (
    <p class="worked">
      {worked.index.length > 0 && <i>{app.say("page-element", { index: `[${worked.index.join(", ")}]` })}</i>}
      <span>{worked.numbers} = <b>{worked.result}</b></span>
    </p>
  );
}
