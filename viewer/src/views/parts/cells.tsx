/** The elements of a value as cells; the strength of the fill is |value| / largest |value|. */
import { full, short } from "../../model/format.ts";
import { cells } from "../../model/layout.ts";
import { elementName } from "../../model/naming.ts";
import { largest, magnitude, norm } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { Norm } from "./number.tsx";

export type Hue = "fw" | "gr" | "up";

interface Props {
  readonly slot: number | null;
  readonly hue: Hue;
  readonly decimals?: number;
}

/** Cells of a small matrix, else its figures. */
export function Cells({ slot, hue, decimals = 4 }: Props) {
  const app = useApp();
  const tensor = app.tensor(slot);
  const grid = tensor && cells(tensor.shape);
  if (slot === null || !tensor || !grid) return <Figures slot={slot} />;
  const most = largest(tensor.elements) || 1;
  const chosen = app.selection.value;
  return (
    <div class="cells" style={{ "--c": grid.columns }}>
      {tensor.elements.map((element, place) => {
        const selected = chosen?.slot === slot && chosen.place === place;
        return (
          <button
            type="button"
            key={place}
            class={`v ${hue}${selected ? " sel" : ""}`}
            style={{ "--m": Math.min(1, magnitude(element) / most) || 0 }}
            title={`${elementName(app.name(slot), tensor.shape, place)} = ${full(element, tensor.code)}`}
            aria-pressed={selected}
            onClick={(event) => {
              event.stopPropagation();
              app.selection.value = selected ? null : { slot, place };
            }}
          >
            {short(element, decimals)}
          </button>
        );
      })}
    </div>
  );
}

/** Dashed cells for what is still to come. */
export function Pending({ shape }: { shape: readonly number[] }) {
  const grid = cells(shape) ?? { rows: 1, columns: 1 };
  return (
    <div class="cells" style={{ "--c": grid.columns }} aria-hidden="true">
      {Array.from({ length: grid.rows * grid.columns }, (_, place) => <span key={place} class="v no" />)}
    </div>
  );
}

/** What is known of a value that is too large for cells, or was not kept. */
export function Figures({ slot }: { slot: number | null }) {
  const app = useApp();
  const value = app.figures(slot);
  const tensor = app.tensor(slot);
  if (!value && !tensor) return <span class="hatch">{app.say("page-not-kept")}</span>;
  const size = norm(tensor) ?? value?.statistics.norm;
  const odd = value && value.statistics.nans + value.statistics.infs > 0;
  return (
    <button
      type="button" class={`norm${odd ? " odd" : ""}`}
      onClick={(event) => {
        event.stopPropagation();
        if (slot !== null) app.inquiry.choose(slot, 0, "tensor");
      }}
    >
      <Norm of={size} />
    </button>
  );
}
