/** The parts of an answer: the op behind a value, what nodes sent, what the passes added. */
import type { ComponentChildren } from "preact";
import type { ContributionData, GradientData, GradientOriginData, MessageData, OriginData, ProductData, ProvenanceData, SenderData } from "../../data/wire.ts";
import { told } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import { Badge } from "../parts/badge.tsx";
import { Ask, Plain } from "../parts/number.tsx";
import { Part } from "../parts/part.tsx";
import { Bars, type Bar } from "./bars.tsx";

const short = (text: string | undefined): string => (text === undefined ? "–" : told(text).short);

function Reason({ reason }: { reason: MessageData | undefined }) {
  const app = useApp();
  return reason ? <p class="say">{app.say(reason.id, reason.arguments)}</p> : null;
}

/** A link to the event that something happened in. */
function Go({ event, children }: { event: number; children: ComponentChildren }) {
  const app = useApp();
  return <button type="button" class="link mono" onClick={() => (app.event.value = event)}>{children}</button>;
}

export function OriginView({ origin, step }: { origin: OriginData; step: number }) {
  const app = useApp();
  return (
    <>
      {origin.op && origin.event !== undefined && (
        <p class="say"><Go event={origin.event}>{origin.op}</Go> · {app.say("page-event")} {origin.event} <Badge check={origin.check} /></p>
      )}
      {origin.worked && <p class="worked big">{origin.worked}</p>}
      <Reason reason={origin.reason} />
      {origin.entered.length > 0 && (
        <Part title={app.say("why-entered")}>
          <table class="terms">
            <thead><tr><td /><th class="f">{app.say("page-value")}</th><th>{app.say("page-derivative")}</th></tr></thead>
            <tbody>
              {origin.entered.map(({ element, derivative }, place) => (
                <tr key={place}><th scope="row">{element.label}</th><td><Ask link={element} step={step} /></td><td><Plain text={derivative} /></td></tr>
              ))}
            </tbody>
          </table>
          {origin.count > origin.entered.length && <p class="fine">{app.say("why-entered-some", { shown: origin.entered.length, count: origin.count })}</p>}
        </Part>
      )}
    </>
  );
}

/** Upstream × local = downstream, for each node that sent something. */
export function UpstreamView({ from, step }: { from: GradientOriginData; step: number }) {
  const app = useApp();
  return (
    <>
      {from.put_in && <p class="say">{app.say("why-put-in")}</p>}
      {!from.put_in && !from.senders.length && <p class="say">{app.say("why-no-source")}</p>}
      {from.senders.length > 1 && <p class="say">{app.say("why-sent-sum", { count: from.senders.length })}</p>}
      {from.senders.map((sender) => <Sender key={sender.event} sender={sender} step={step} />)}
    </>
  );
}

function Sender({ sender, step }: { sender: SenderData; step: number }) {
  const app = useApp();
  return (
    <section class="part">
      <h2><Go event={sender.event}>{sender.node}</Go> <b class="gr"><Plain text={sender.amount} /></b></h2>
      <Reason reason={sender.reason} />
      {sender.terms.length > 0 && <Products terms={sender.terms} step={step} sum={sender.count === sender.terms.length ? sender.amount : undefined} />}
      {sender.count > sender.terms.length && sender.terms.length > 0 && (
        <p class="fine">{app.say("why-terms-some", { shown: sender.terms.length, count: sender.count })}</p>
      )}
    </section>
  );
}

function Products({ terms, step, sum }: { terms: readonly ProductData[]; step: number; sum: string | undefined }) {
  const app = useApp();
  return (
    <table class="terms">
      <thead>
        <tr><td /><th class="g">{app.say("page-upstream")}</th><td class="op" /><th class="f">{app.say("page-local")}</th><td class="op" /><th class="g">{app.say("page-downstream")}</th></tr>
      </thead>
      <tbody>
        {terms.map(({ upstream, local, product }, place) => (
          <tr key={place}>
            <th scope="row">{upstream.label}</th>
            <td><Ask link={upstream} step={step} hue="gr" /></td><td class="op">×</td>
            <td><Plain text={local} /></td><td class="op">=</td><td><Plain text={product} /></td>
          </tr>
        ))}
        {terms.length > 1 && sum !== undefined && (
          <tr class="sum"><th scope="row">Σ</th><td /><td /><td /><td class="op">=</td><td><Plain text={sum} /></td></tr>
        )}
      </tbody>
    </table>
  );
}

/** `.grad`: what it held, what each pass added, and what that is the sum of. */
export function GradientView({ gradient, answer }: { gradient: GradientData; answer: ProvenanceData }) {
  const app = useApp();
  const several = gradient.contributions.length > 1;
  return (
    <Part title={app.say("why-its-gradient", { value: short(gradient.after.number) })}>
      <p class="sumline">
        <span><i>{app.say("why-before")}</i>{gradient.before === undefined ? <code>None</code> : <Plain text={gradient.before} />}</span>
        {gradient.contributions.map((part) => (
          <span key={part.number}><i>{app.say("page-contribution")}</i><b>+</b> <Ask link={part.amount} step={answer.step} hue="gr" /></span>
        ))}
        <span><i>{app.say("why-after")}</i><b>=</b> <Ask link={gradient.after} step={answer.step} hue="gr" /></span>
      </p>
      {gradient.before !== undefined && <p class="say warn">{app.say("why-held", { before: short(gradient.before) })}</p>}
      {gradient.cleared.length > 0 && <p class="say">{app.say("why-cleared-between", { events: gradient.cleared.join(", ") })}</p>}
      {gradient.changes.map((change) => (
        <p key={change.event} class="say">{app.say("why-changed", { event: String(change.event), before: short(change.before), after: short(change.after) })}</p>
      ))}
      {gradient.contributions.map((part) => (
        <div key={part.number} class="pass">
          {several && <h2>{app.say("why-pass", { number: String(part.number), amount: short(part.amount.number) })}</h2>}
          <Samples part={part} />
          <Paths part={part} answer={answer} />
          {part.origins.map((origin, place) => <UpstreamView key={place} from={origin} step={answer.step} />)}
        </div>
      ))}
    </Part>
  );
}

function Samples({ part }: { part: ContributionData }) {
  const app = useApp();
  const { samples, reason } = part;
  if (!samples) {
    const said = reason ? app.say(reason.id, reason.arguments) : "";
    return <p class="say">{app.say("why-not-split", { reason: said })}</p>;
  }
  const bars: Bar[] = samples.shares.map(({ example, amount, inputs, factors }) => ({ name: String(example), amount, said: inputs, detail: factors }));
  const more = samples.size - samples.shares.length;
  if (more > 0) bars.push({ name: app.say("why-more-examples", { count: more }), amount: samples.others });
  if (Number(samples.rest)) bars.push({ name: app.say("why-rest"), amount: samples.rest });
  return (
    <Part title={app.say("why-samples")}>
      <p class="say">{app.say(samples.size === 1 ? "why-one-example" : "why-samples-sum", { size: samples.size })}</p>
      <Bars bars={bars} head={app.say("why-example")} sum={samples.sum} />
      <p class="fine">{app.say("why-sum-checked", { difference: short(String(samples.difference)) })}</p>
    </Part>
  );
}

/** The chain rule along each path, and as the sum over all. */
function Paths({ part, answer }: { part: ContributionData; answer: ProvenanceData }) {
  const app = useApp();
  const { count, paths, reason } = part.paths;
  const names = { loss: answer.loss, name: answer.label };
  const id = count === 1 ? "why-one-path" : paths.length === count ? "why-paths-listed" : "why-paths-counted";
  return (
    <Part title={app.say("why-paths")}>
      {reason ? <Reason reason={reason} /> : <p class="say">{app.say(id, { ...names, count: String(count) })}</p>}
      <Bars bars={paths.map(({ made, amount }) => ({ name: [...made, answer.label].join(" → "), amount: amount ?? "NaN" }))} />
    </Part>
  );
}
