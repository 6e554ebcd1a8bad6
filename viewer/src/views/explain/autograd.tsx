/** What autograd knows of a tensor, and which events of the step touched it. */
import type { CardData } from "../../data/wire.ts";
import { useApp } from "../../state/app.ts";
import { Part } from "../parts/part.tsx";

export function Autograd({ card }: { card: CardData }) {
  const app = useApp();
  const wanted = card.requires_grad === undefined ? app.say("tensor-unknown") : card.requires_grad ? "True" : "False";
  return (
    <Part title={app.say("tensor-autograd")}>
      <p class="say"><code>requires_grad = {wanted}</code> · {app.say(card.why.id, card.why.arguments)}</p>
      {card.way.length > 0 ? (
        <ol class="way">
          {card.way.map(({ node, depth, leaf, seen }, place) => (
            <li key={place} style={{ "--d": depth }} class={leaf ? "leaf" : ""}>
              {leaf ? app.say("tensor-way-leaf", { node, leaf }) : seen ? app.say("tensor-way-seen", { node }) : depth ? node : `grad_fn = ${node}`}
            </li>
          ))}
        </ol>
      ) : card.leaf && <p class="say"><code>{app.say("tensor-grad-fn-none")}</code></p>}
      {card.kept.map(({ node, name, freed }, place) => (
        <p key={place} class="say">{freed === undefined ? app.say("tensor-kept", { node, name }) : app.say("tensor-kept-freed", { node, name, event: String(freed) })}</p>
      ))}
      <p class="say">{card.writes.length ? app.say("tensor-writes", { events: card.writes.join(", ") }) : app.say("tensor-no-writes")}</p>
      {card.no_grad && <p class="say"><code>.grad</code> {app.say(card.no_grad.id, card.no_grad.arguments)}</p>}
    </Part>
  );
}

export function Uses({ card }: { card: CardData }) {
  const app = useApp();
  if (!card.uses.length) return null;
  return (
    <Part title={app.say("tensor-uses")}>
      <ul class="plainlist">
        {card.uses.map(({ event, what, broadcast }, place) => (
          <li key={place}>
            <button type="button" class="link" onClick={() => (app.event.value = event)}>{app.say("page-event")} {event}</button>{" "}
            {app.say(what.id, what.arguments)}{broadcast && ` · ${app.say("tensor-use-broadcast", { shape: broadcast.join("×") })}`}
          </li>
        ))}
      </ul>
    </Part>
  );
}
