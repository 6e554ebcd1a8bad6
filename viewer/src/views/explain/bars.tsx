/** Signed numbers as bars from a common zero, each with its name and what it is the product of. */
import { told } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import { Plain } from "../parts/number.tsx";

export interface Bar {
  readonly name: string;
  readonly amount: string;
  readonly said?: string | undefined; // what it is about
  readonly detail?: string | undefined; // the factors of a product
}

export function Bars({ bars, head, sum }: { bars: readonly Bar[]; head?: string; sum?: string }) {
  const app = useApp();
  const most = Math.max(...bars.map(({ amount }) => Math.abs(Number(amount)) || 0)) || 1;
  return (
    <table class="bars">
      {head && <thead><tr><th>{head}</th><td /><th>{app.say("why-share")}</th></tr></thead>}
      <tbody>
        {bars.map(({ name, amount, said, detail }, place) => (
          <tr key={place}>
            <th scope="row">{name}{said && <i>{said}</i>}{detail && <small>{detail}</small>}</th>
            <td class="bar" aria-hidden="true">
              <i class={Number(amount) < 0 ? "minus" : "plus"} style={{ "--x": Math.abs(Number(amount)) / most || 0 }} />
            </td>
            <td title={detail && `${detail} = ${told(amount).full}`}><Plain text={amount} /></td>
          </tr>
        ))}
        {sum !== undefined && bars.length > 1 && <tr class="sum"><th scope="row">Σ</th><td /><td><Plain text={sum} /></td></tr>}
      </tbody>
    </table>
  );
}
