/** The Jacobian of the event's op: which input moves which output, and how it becomes a gradient. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BlockData, JacobianData } from "../../data/wire.ts";
import { elementName } from "../../model/naming.ts";
import { full, shape, short } from "../../model/format.ts";
import { decode, indexOf, magnitude, type Tensor } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { Badge } from "../parts/badge.tsx";
import { Cells } from "../parts/cells.tsx";
import { Grid } from "../parts/grid.tsx";
import { Fitted } from "../parts/fitted.tsx";
import { useTensor } from "../parts/whole.tsx";
import { Fold } from "./fold.tsx";

const WRITTEN = 6; // most columns of a matrix that is written out with its numbers

export function JacobianView({ step, event }: { step: number; event: number }) {
  const app = useApp();
  const found = useSignal<JacobianData | null>(null);
  const refused = useSignal<string | null>(null);
  useEffect(() => {
    let here = true;
    app.recording.jacobian(step, event).then(
      (answer) => here && (found.value = answer),
      (error: Error) => here && (refused.value = error.message),
    );
    return () => void (here = false);
  }, []);
  const data = found.value;
  if (refused.value === "not-exported") return <p class="fine">{app.say("page-jacobian")}: {app.say("page-not-exported")}</p>;
  if (!data) return null; // an op without a Jacobian has nothing to say here
  return (
    <>
      {data.blocks.map((block, place) => <Block key={place} data={data} block={block} step={step} />)}
      {data.notes.map((note, place) => <p key={place} class="say">{app.say(note.id, note.arguments)}</p>)}
    </>
  );
}

function Block({ data, block, step }: { data: JacobianData; block: BlockData; step: number }) {
  const app = useApp();
  const out = useSignal(0);
  const back = app.current.value?.kind === "node"; // in the forward pass its gradients are still to come
  const matrix = block.matrix && decode(block.matrix);
  const name = (place: number) => elementName(data.symbol, data.shape, place);
  const title = `∂${data.symbol}/∂${block.symbol}`;
  const said = app.say("jacobian-structure", { structure: app.say(block.structure.id, block.structure.arguments) });
  const how = !block.counted ? app.say("jacobian-by-rule-only") : block.agrees ? app.say("jacobian-by-numbers") : app.say("jacobian-against-rule", { claim: block.claim });
  return (
    <section class="part jac" aria-label={`${app.say("page-jacobian")} ${title}`}>
      <h2>{app.say("page-jacobian")} <b class="f">{title}</b> <i>{block.rows}×{block.columns}</i></h2>
      {back && <Chain data={data} block={block} matrix={matrix ?? null} />}
      {matrix && block.columns <= WRITTEN && block.rows <= 8 && <Matrix matrix={matrix} data={data} block={block} out={out.value} pick={(place) => (out.value = place)} />}
      <Row data={data} block={block} step={step} matrix={matrix ?? null} out={out.value} pick={(place) => (out.value = place)} name={name} />
      <p class="say">{said}. <span class={block.agrees ? "dim" : "warn"}>{how}</span></p>
      {block.fold.length > 0 && <Fold data={data} block={block} matrix={matrix ?? null} />}
      {block.math && <Fitted math={block.math} />}
      {back && block.product && (
        <div class="pair">
          <div><h3>vᵀJ</h3><Grid tensor={decode(block.product)} hue="gr" label="vᵀJ" name={(place) => elementName("vᵀJ", block.shape, place)} /></div>
          {block.downstream !== undefined && <div><h3>PyTorch</h3><Cells slot={block.downstream} hue="gr" /></div>}
        </div>
      )}
      <Badge check={block.check} />
    </section>
  );
}

/** Upstream × local = downstream, with the recorded gradients; the local slopes of a diagonal are its entries. */
function Chain({ data, block, matrix }: { data: JacobianData; block: BlockData; matrix: Tensor | null }) {
  const app = useApp();
  if (block.upstream === undefined || block.downstream === undefined) return null;
  const diagonal = /-(diagonal|identity)$/.test(block.structure.id) && matrix && block.rows === block.columns;
  const local: Tensor | null = diagonal ? { ...matrix, shape: block.shape, elements: matrix.elements.filter((_, place) => place % (block.columns + 1) === 0) } : null;
  const head = (id: string, name: string, hue: string) => <h3><b class={hue}>{name}</b> {app.say(id)}</h3>;
  return (
    <div class="chain">
      <div>{head("page-upstream", data.gradient, "g")}<Cells slot={block.upstream} hue="gr" /></div>
      <span>×</span>
      <div>
        {head("page-local", `∂${data.symbol}/∂${block.symbol}`, "f")}
        {local ? <Grid tensor={local} hue="fw" label={app.say("page-local")} name={(place) => elementName(`∂${data.symbol}/∂${block.symbol}`, block.shape, place)} /> : <p class="norm">J {block.rows}×{block.columns}</p>}
      </div>
      <span>=</span>
      <div>{head("page-downstream", `${data.gradient.slice(0, data.gradient.lastIndexOf("/∂"))}/∂${block.symbol}`, "g")}<Cells slot={block.downstream} hue="gr" /></div>
    </div>
  );
}

interface Picking {
  readonly data: JacobianData;
  readonly block: BlockData;
  readonly out: number;
  readonly pick: (place: number) => void;
}

/** The whole matrix with a name for each row and column; the picked row is lit. */
function Matrix({ matrix, data, block, out, pick }: Picking & { matrix: Tensor }) {
  const most = Math.max(...matrix.elements.map(magnitude)) || 1;
  const rows = Array.from({ length: block.rows }, (_, row) => matrix.elements.slice(row * block.columns, (row + 1) * block.columns));
  return (
    <table class="matrix">
      <thead><tr><td />{rows[0]?.map((_, place) => <th key={place} scope="col">{elementName(block.symbol, block.shape, place)}</th>)}</tr></thead>
      <tbody>
        {rows.map((row, place) => (
          <tr key={place} class={place === out ? "lit" : ""} onPointerEnter={() => pick(place)}>
            <th scope="row"><button type="button" aria-pressed={place === out} onFocus={() => pick(place)} onClick={() => pick(place)}>{elementName(data.symbol, data.shape, place)}</button></th>
            {row.map((element, column) => (
              <td key={column}>
                <Entry element={element} code={matrix.code} most={most} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Entry({ element, code, most }: { element: Tensor["elements"][number]; code: Tensor["code"]; most: number }) {
  const strength = Math.min(1, magnitude(element) / most) || 0;
  return <span class={`v fw${strength ? "" : " zero"}`} style={{ "--m": strength }} title={full(element, code)}>{short(element)}</span>;
}

/** One output element, and how it changes with each input element, in the input's own shape. */
function Row({ data, block, step, matrix, out, pick, name }: Picking & { step: number; matrix: Tensor | null; name: (place: number) => string }) {
  const app = useApp();
  const asked = useSignal<Tensor | null>(null);
  useEffect(() => {
    if (matrix) return;
    let here = true;
    app.recording.jacobian(step, data.event, out).then((answer) => {
      const found = answer.blocks.find(({ symbol }) => symbol === block.symbol)?.row;
      if (here && found) asked.value = spread(decode(found.box), found.corner, block.shape);
    }, () => here && (asked.value = null)); // the row before stays named by its own title
    return () => void (here = false);
  }, [out]);
  const row = matrix ? { shape: block.shape, code: matrix.code, elements: matrix.elements.slice(out * block.columns, (out + 1) * block.columns) } : asked.value;
  const result = useTensor(data.slot);
  return (
    <div class="rowpick">
      {block.rows > 1 && !(matrix && block.columns <= WRITTEN && block.rows <= 8) && (
        <div><h3>{app.say("page-pick-output", { name: `${data.symbol} ${shape(data.shape)}` })}</h3>{result && <Grid tensor={result} hue="fw" label={data.symbol} name={name} chosen={out} pick={pick} />}</div>
      )}
      <div aria-live="polite">
        <h3>{app.say("page-row-of", { name: name(out), input: `${block.symbol} ${shape(block.shape)}` })}</h3>
        {row && <Grid tensor={row} hue="fw" label={`∂${name(out)}/∂${block.symbol}`} name={(place) => `∂${name(out)}/∂${elementName(block.symbol, block.shape, place)}`} />}
      </div>
    </div>
  );
}

/** A box as the whole tensor, which is zero around it. */
function spread(box: Tensor, corner: readonly number[], into: readonly number[]): Tensor {
  const elements: number[] = new Array<number>(into.reduce((product, length) => product * length, 1)).fill(0);
  box.elements.forEach((element, place) => {
    const index = indexOf(place, box.shape);
    const at = into.reduce((sum, length, axis) => sum * length + (index[axis] ?? 0) + (corner[axis] ?? 0), 0);
    elements[at] = typeof element === "number" ? element : magnitude(element);
  });
  return { shape: into, code: box.code, elements };
}
