/** A number that says all its digits, and can be asked where it came from. */
import type { LinkData } from "../../data/wire.ts";
import { short, told } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import type { Hue } from "./cells.tsx";

/** A number as it came. */
export function Plain({ text }: { text: string | undefined }) {
  if (text === undefined) return <span class="dim">–</span>;
  const said = told(text);
  return <span class="n" title={said.full}>{said.short}</span>;
}

/** The norm of a tensor that is too large for its numbers. */
export function Norm({ of }: { of: number | undefined }) {
  return <><i class="nrm">{useApp().say("page-norm")}</i> {of === undefined ? "NaN" : short(of)}</>;
}

/** A number with its name; where it is an element of a value, it can be asked. */
export function Ask({ link, step, hue }: { link: LinkData; step: number; hue?: Hue }) {
  const app = useApp();
  const { label, slot, place } = link;
  if (link.number === undefined) return <span class="dim">–</span>;
  const said = told(link.number);
  const chosen = app.selection.value;
  const here = chosen?.slot === slot && chosen?.place === place;
  if (slot === undefined || here) return <Plain text={link.number} />;
  const color = hue ?? (label.startsWith("∂") || label.endsWith(".grad") ? "gr" : "fw");
  return (
    <button
      type="button"
      class={`n ask ${color}`}
      title={`${label} = ${said.full}`}
      aria-label={`${label} = ${said.short}. ${app.say("page-ask")}`}
      onClick={() => app.inquiry.ask(step, slot, place)}
    >
      {said.short}
    </button>
  );
}
