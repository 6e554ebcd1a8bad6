/** Whether a number was checked, and how close it came. */
import type { CheckData } from "../../data/wire.ts";
import { short } from "../../model/format.ts";
import { useApp } from "../../state/app.ts";
import { has } from "../../text/catalogue.ts";

export function Badge({ check }: { check: CheckData | undefined }) {
  const app = useApp();
  if (!check) return null;
  const difference = check.difference === undefined || check.difference === 0 ? "0" : short(check.difference);
  if (check.status === "verified") {
    return <span class="ok">✓ {app.say("page-verified", { difference })}</span>;
  }
  if (check.status === "wrong") return <span class="ok wrong">✗ {app.say("page-wrong", { difference })}</span>;
  const id = `reason-${check.reason}`;
  const why = has(app.language.value, id) ? app.say(id) : app.say("reason-other", { reason: check.reason ?? "" });
  return <span class="ok open" title={why}>– {app.say("page-not-checked")}</span>;
}
