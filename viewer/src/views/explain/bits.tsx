/** The chosen number in bits, and what its dtype can hold. */
import type { CardData } from "../../data/wire.ts";
import { floatBits, integerBits } from "../../model/bits.ts";
import { told } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import { Part } from "../parts/part.tsx";

export function Bits({ card, slot, place }: { card: CardData; slot: number; place: number }) {
  const app = useApp();
  const known = card.precision;
  if (!known) return <p class="say">{app.say("tensor-dtype-unknown", { dtype: card.dtype })}</p>;
  const element = app.tensor(slot)?.elements[place];
  const floating = known.kind === "float" && !card.dtype.endsWith("fnuz");
  const parts = typeof element === "number" && floating ? floatBits(element, known.exponent, known.fraction) : null;
  const whole = known.kind === "integer" && (typeof element === "number" || typeof element === "bigint") ? integerBits(element, known.bits) : null;
  const { dtype } = card;
  const bits = String(known.bits);
  const ends = { smallest: told(known.smallest).short, largest: told(known.largest).short };
  return (
    <Part title={app.say("tensor-dtype")}>
      {(parts || whole) && (
        <div class="bits" role="img" aria-label={(parts ?? [whole]).join(" ")}>
          {parts ? (["sign", "exponent", "fraction"] as const).map((name, at) => (
            <span key={name} class={name}><code>{parts[at]}</code><small>{app.say(`page-${name}`)}</small></span>
          )) : <span class="fraction"><code>{whole}</code></span>}
        </div>
      )}
      <p class="say">
        {known.kind === "bool" ? app.say("tensor-bool") : known.kind === "integer" ? app.say("tensor-integer", { dtype, bits, ...ends })
          : app.say(`tensor-${known.kind}`, { dtype, bits, exponent: String(known.exponent), fraction: String(known.fraction) })}{" "}
        {known.tenth !== undefined && (
          <>
            {app.say("tensor-eps", { eps: told(known.eps).short, digits: String(Math.max(Math.floor(known.fraction * 0.30103), 0)) })}{" "}
            {app.say("tensor-range", ends)}{" "}{app.say("tensor-tenth", { held: known.tenth })}
          </>
        )}
      </p>
    </Part>
  );
}
