/** Which place of the storage each index reads, and who else reads there. */
import { useSignal } from "@preact/signals";
import type { CardData } from "../../data/wire.ts";
import { full, short } from "../../model/format.ts";
import { decode } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { elementName } from "../../model/naming.ts";
import { Part } from "../parts/part.tsx";

export function Storage({ card, place, form }: { card: CardData; place: number; form: readonly number[] }) {
  const app = useApp();
  const lit = useSignal<number | null>(null);
  const places = card.places && decode(card.places).elements.map(Number);
  const storage = card.storage && decode(card.storage).elements.map(Number);
  const now = lit.value ?? places?.[place] ?? null;
  const cell = (at: number, text: string, title: string, extra = "") => (
    <span class={`${extra}${at === now ? " lit" : ""}`} title={title} onPointerEnter={() => (lit.value = at)} onPointerLeave={() => (lit.value = null)}>{text}</span>
  );
  const read = new Set(places);
  return (
    <Part title={app.say("tensor-memory")}>
      {places && form.length > 0 && (
        <>
          <h3>{app.say("page-index")}</h3>
          <div class="index" style={{ "--c": form.at(-1) ?? 1 }}>
            {places.map((at, element) => cell(at, `→ ${at}`, `${elementName(card.symbol, form, element)} → ${at}`))}
          </div>
        </>
      )}
      {storage && (
        <>
          <h3>{app.say("page-storage")}</h3>
          <ol class="tape" start={0}>
            {storage.map((value, at) => (
              <li key={at} class={read.has(at) ? "" : "out"}>
                <small>{at}</small>{cell(at, Number.isNaN(value) && !read.has(at) ? "·" : short(value, 3), `${at}: ${full(value, "f8")}`)}
              </li>
            ))}
          </ol>
        </>
      )}
      <p class="say">
        {card.contiguous !== undefined && form.length > 0 && app.say(card.contiguous ? "tensor-contiguous" : "tensor-not-contiguous")}{" "}
        {!card.sharers.length && app.say("tensor-shares-nothing")}
      </p>
      {card.sharers.length > 0 && <p class="say">{app.say("tensor-shares")}</p>}
      <ul class="plainlist">
        {card.sharers.map((sharer) => {
          const said = { name: sharer.symbol, shape: sharer.shape.join("×"), stride: `(${sharer.stride.join(", ")})`, op: sharer.op ?? "", event: String(sharer.event ?? "") };
          const id = sharer.event === undefined ? "tensor-shared-base" : sharer.written ? "tensor-shared-written" : "tensor-shared-view";
          return (
            <li key={sharer.slot}>
              <button type="button" class="link" onClick={() => (app.selection.value = { slot: sharer.slot, place: 0 })}>{app.say(id, said)}</button>
              {sharer.overlaps === false && app.say("tensor-apart")}
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
