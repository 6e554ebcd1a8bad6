/** Folding, step by step: the array of all derivatives, the matrix, its rows times v, the gradient. */
import { useSignal } from "@preact/signals";
import type { BlockData, JacobianData } from "../../data/wire.ts";
import { elementName } from "../../model/naming.ts";
import { full, short } from "../../model/format.ts";
import { folding, stageOf } from "../../model/fold.ts";
import { decode, type Tensor } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { Grid } from "../parts/grid.tsx";

const DRAWN = 400; // most entries that move on their own
const ROOM = { width: 376, height: 240 } as const;
const SIZE = { most: 26, numbers: 24 } as const; // of an entry, in CSS pixels

export function Fold({ data, block, matrix }: { data: JacobianData; block: BlockData; matrix: Tensor | null }) {
  const app = useApp();
  const at = useSignal(0);
  const count = block.fold.length;
  const step = block.fold[Math.min(at.value, count - 1)];
  if (!step) return null;
  const go = (id: string, to: number, sign: string) => (
    <button type="button" class="btn" aria-label={app.say(id)} disabled={to < 0 || to >= count} onClick={() => (at.value = to)}>{sign}</button>
  );
  return (
    <div class="folding">
      <h3>{app.say("page-fold")}<span>{go("page-previous", at.value - 1, "‹")} {app.say("page-fold-step", { number: String(at.value + 1), count: String(count) })} {go("page-next", at.value + 1, "›")}</span></h3>
      {matrix && matrix.elements.length <= DRAWN && <Moving data={data} block={block} matrix={matrix} id={step.text.id} />}
      <div aria-live="polite">
        <p class="say">{app.say(step.text.id, step.text.arguments)}</p>
        {step.formula && <p class="worked big">{step.formula} {step.equal !== undefined && <i>{app.say(step.equal ? "jacobian-equal" : "jacobian-unequal")}</i>}</p>}
        {step.matrix && <div class="res"><span class="sym f">{step.label}</span><Grid tensor={decode(step.matrix)} hue="fw" label={step.label} name={(place) => elementName(step.label, step.matrix?.shape ?? [], place)} /></div>}
      </div>
    </div>
  );
}

function Moving({ data, block, matrix, id }: { data: JacobianData; block: BlockData; matrix: Tensor; id: string }) {
  const app = useApp();
  const stage = stageOf(id);
  const v = app.tensor(block.upstream)?.elements.map(Number);
  const all = ([0, 1, 2, 3, 4] as const).map((each) => folding(each, data.shape, block.shape));
  const size = Math.min(SIZE.most, ROOM.width / Math.max(...all.map(({ width }) => width)), ROOM.height / Math.max(...all.map(({ height }) => height)));
  const place = folding(stage, data.shape, block.shape);
  const entries = matrix.elements.map(Number);
  const scaled = entries.map((entry, i) => entry * (v?.[Math.floor(i / block.columns)] ?? 1));
  const sums = Array.from({ length: block.columns }, (_, by) => scaled.reduce((sum, entry, i) => (i % block.columns === by ? sum + entry : sum), 0));
  const shown = stage < 2 ? entries : stage === 2 ? scaled : entries.map((_, i) => sums[i % block.columns] ?? 0);
  const most = Math.max(...shown.map(Math.abs)) || 1;
  return (
    <div class={`moving ${stage < 2 ? "fw" : "gr"}`} aria-hidden="true" style={{ height: `${place.height * size}px`, "--s": `${size}px` }}>
      {shown.map((entry, i) => {
        const out = Math.floor(i / block.columns);
        const by = i % block.columns;
        const [x, y] = place.at(out, by);
        const name = `∂${elementName(data.symbol, data.shape, out)}/∂${elementName(block.symbol, block.shape, by)}`;
        return (
          <span
            key={i}
            class={stage > 2 && out ? "under" : ""}
            title={stage < 2 ? `${name} = ${full(entry, "f8")}` : full(entry, "f8")}
            style={{ "--m": Math.abs(entry) / most || 0, transform: `translate(${x * size}px,${y * size}px)` }}
          >
            {size >= SIZE.numbers && written(entry)}
          </span>
        );
      })}
    </div>
  );
}

/** A number that fits an entry, else nothing: the title says it. */
function written(entry: number): string {
  const text = short(entry, 2);
  return text.length > 5 ? "" : text;
}
