/** A tensor, drawn: its indices and strides, the storage that they lead to, its bits, its graph. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CardData } from "../../data/wire.ts";
import { shape } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import { Whole } from "../parts/whole.tsx";
import { Autograd, Uses } from "./autograd.tsx";
import { Bits } from "./bits.tsx";
import { Storage } from "./storage.tsx";

export function Card({ step, slot, place }: { step: number; slot: number; place: number }) {
  const app = useApp();
  const found = useSignal<CardData | string | null>(null);
  useEffect(() => {
    app.recording.card(step, slot).then(
      (card) => (found.value = card),
      (error: Error) => (found.value = error.message),
    );
  }, [step, slot]);
  const card = found.value;
  if (card === null) return <p class="say" role="status">…</p>;
  if (typeof card === "string") return <p class="say" role="status">{card === "not-exported" ? app.say("page-not-exported") : card}</p>;
  const form = card.dimensions.map(({ length }) => length);
  const count = form.reduce((product, length) => product * length, 1);
  const bytes = String(count * (card.item ?? 0));
  return (
    <>
      <p class="say"><b>{app.say("tensor-rank", { rank: form.length, shape: shape(form) })}</b>. {card.item === undefined ? app.say("tensor-elements", { count, device: card.device }) : app.say("tensor-bytes", { count, item: String(card.item), bytes: `${bytes} B`, device: card.device })}.</p>
      <Whole slot={slot} hue="fw" />
      {card.dimensions.length > 0 && (
        <ol class="dims">
          {card.dimensions.map(({ length, stride, role }, axis) => (
            <li key={axis}>
              <b>{length}</b><i>{app.say("tensor-dimension", { axis: String(axis) })}</i>
              {stride !== undefined && <code>stride {stride}</code>}
              {role && <small>{app.say(role.id, role.arguments)}</small>}
            </li>
          ))}
        </ol>
      )}
      <Storage card={card} place={place} form={form} />
      <Bits card={card} slot={slot} place={place} />
      <Autograd card={card} />
      <Uses card={card} />
    </>
  );
}
