/** A tensor of any size, of which elements can be looked at and picked: numbers, or strengths alone. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { full, short } from "../../model/format.ts";
import { raster } from "../../model/raster.ts";
import { largest, magnitude, type Element, type Tensor } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import type { Hue } from "./cells.tsx";

const NUMBERS = { rows: 8, columns: 6 } as const; // most that are written out
const SIZE = { least: 2, hit: 5, most: 16 } as const; // of an element, in CSS pixels; what is pointed at
const ROOM = { width: 360, height: 256 } as const; // that a raster takes, unless elements grow too small to hit

interface Props {
  readonly tensor: Tensor;
  readonly hue: Hue;
  readonly name: (place: number) => string;
  readonly label: string; // what it is, for who cannot see it
  readonly chosen?: number | null;
  readonly pick?: (place: number) => void; // as the pointer or the keys go over it
  readonly press?: (place: number) => void;
}

export function Grid(props: Props) {
  const { shape } = props.tensor;
  const columns = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const rows = props.tensor.elements.length / (columns || 1);
  if (!props.tensor.elements.length) return null;
  return shape.length <= 2 && columns <= NUMBERS.columns && rows <= NUMBERS.rows
    ? <Numbers {...props} columns={columns} />
    : <Strengths {...props} />;
}

function Numbers({ tensor, hue, name, label, chosen, pick, press, columns }: Props & { columns: number }) {
  const most = largest(tensor.elements) || 1;
  return (
    <div class="cells" role="group" aria-label={label} style={{ "--c": columns }}>
      {tensor.elements.map((element, place) => {
        const say = `${name(place)} = ${full(element, tensor.code)}`;
        const look = { class: `v ${hue}${place === chosen ? " sel" : ""}`, style: { "--m": strength(element, most) }, title: say };
        if (!pick && !press) return <span key={place} {...look}>{short(element)}</span>;
        return (
          <button
            type="button" key={place} {...look} aria-pressed={place === chosen}
            onPointerEnter={() => pick?.(place)} onFocus={() => pick?.(place)} onClick={() => (press ?? pick)?.(place)}
          >
            {short(element)}
          </button>
        );
      })}
    </div>
  );
}

function Strengths({ tensor, hue, name, label, chosen, pick, press }: Props) {
  const app = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const own = useSignal(strongest(tensor)); // where a row of a Jacobian is zero almost everywhere
  const place = chosen ?? own.value;
  const drawn = raster(tensor.shape);
  const high = Math.max(SIZE.hit, Math.floor(ROOM.height / drawn.rows));
  const size = Math.max(SIZE.least, Math.min(SIZE.most, high, Math.floor(ROOM.width / drawn.columns)));
  const element = tensor.elements[place];
  const theme = app.theme.value;
  useEffect(() => {
    if (canvas.current) draw(canvas.current, tensor, place, size);
  }, [tensor, place, size, theme]);
  const go = (to: number): void => {
    own.value = Math.max(0, Math.min(tensor.elements.length - 1, to));
    pick?.(own.value);
  };
  const over = (event: PointerEvent): void => {
    const scale = drawn.columns / (event.currentTarget as HTMLElement).clientWidth;
    const [row, column] = [Math.floor(event.offsetY * scale), Math.floor(event.offsetX * scale)];
    const found = tensor.elements.findIndex((_, at) => drawn.at(at)[0] === row && drawn.at(at)[1] === column);
    if (found >= 0) go(found);
  };
  const keys: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -(tensor.shape.at(-1) ?? 1), ArrowDown: tensor.shape.at(-1) ?? 1 };
  const said = element === undefined ? "" : `${name(place)} = ${full(element, tensor.code)}`;
  return (
    <div class={`heat ${hue}`}>
      <canvas
        ref={canvas} data-arrows tabIndex={0} role="slider" aria-label={label} aria-valuemin={0}
        aria-valuemax={tensor.elements.length - 1} aria-valuenow={place} aria-valuetext={said}
        width={drawn.columns * size} height={drawn.rows * size} style={{ width: `${drawn.columns * size}px` }}
        onPointerMove={over} onClick={() => press?.(place)}
        onKeyDown={(event) => {
          const by = keys[event.key];
          if (by !== undefined) go(place + by);
          else if (event.key === "Enter") press?.(place);
          else return;
          event.preventDefault();
        }}
      />
      <output>{name(place)} = {element === undefined ? "–" : press ? <button type="button" class={`n ask ${hue}`} title={said} onClick={() => press(place)}>{short(element)}</button> : <span class="n" title={said}>{short(element)}</span>}</output>
    </div>
  );
}

/** The place of the element that is farthest from zero. */
function strongest({ elements }: Tensor): number {
  return elements.reduce<number>((best, element, place) => (magnitude(element) > magnitude(elements[best] ?? 0) ? place : best), 0);
}

const strength = (element: Element, most: number): number => Math.min(1, magnitude(element) / most) || 0;

function draw(canvas: HTMLCanvasElement, tensor: Tensor, chosen: number, size: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const most = largest(tensor.elements) || 1;
  const { at } = raster(tensor.shape);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const gap = size > 4 ? 1 : 0;
  tensor.elements.forEach((element, place) => {
    const [row, column] = at(place);
    const odd = !Number.isFinite(magnitude(element));
    context.globalAlpha = odd ? 1 : 0.07 + 0.93 * strength(element, most);
    context.fillStyle = odd ? style.color : style.getPropertyValue("--hue");
    context.fillRect(column * size, row * size, size - gap, size - gap);
  });
  const [row, column] = at(chosen);
  context.globalAlpha = 1;
  context.strokeStyle = style.color;
  context.lineWidth = 2;
  context.strokeRect(column * size, row * size, size - gap, size - gap);
}
