/** What the diagnosis found: one line, and on a click each fault with its reason and its fix. */
import { useEffect } from "preact/hooks";
import type { FindingData } from "../data/wire.ts";
import { useApp } from "../state/app.ts";

export function Findings() {
  const app = useApp();
  const { live, steps } = app.recording.overview;
  // a run that goes on is judged again whenever its length has doubled, and at its end
  const stage = live ? Math.floor(Math.log2(steps + 1)) : -1;
  const { value: step } = app.step;
  // the judgement takes a while: first what the reader has come for
  const ready = app.explanation.value !== null || app.problem.value !== null || step === null || !app.recording.full(step);
  useEffect(() => {
    if (ready) app.recording.findings().then(
      ({ findings }) => (app.findings.value = findings),
      () => (app.findings.value = []),
    );
  }, [stage, ready]);
  const found = app.findings.value;
  if (!found.length) return null;
  return (
    <details class="findings">
      <summary>
        <b>{app.say("page-findings", { count: found.length })}</b>{" "}
        {found.map(({ code, name, severity }) => <span key={code} class={`code ${severity}`}>{code} {name}</span>)}
      </summary>
      <ol>{found.map((finding, place) => <Finding key={place} finding={finding} />)}</ol>
    </details>
  );
}

function Finding({ finding }: { finding: FindingData }) {
  const app = useApp();
  const { code, name, severity, step, count, file, line, message, why, fix, patch, follows } = finding;
  const own = (words: Readonly<Record<string, string>>): string => words[app.language.value] ?? "";
  const place = file === undefined ? "" : `${app.recording.overview.files[file]?.split(/[\\/]/).at(-1)}:${line ?? ""}`;
  return (
    <li>
      <h3>
        <span class={`code ${severity}`}>{code} {name}</span> <bdi class="dim mono">{place}</bdi>{" "}
        {step !== undefined && (
          <button type="button" class="btn" onClick={({ currentTarget }) => {
            currentTarget.closest("details")?.removeAttribute("open"); // it lies over what is to be seen
            app.openFinding(finding);
          }}>
            {app.say("page-finding-step", { step: String(step), more: count - 1 })}
          </button>
        )}
      </h3>
      <p><bdi>{own(message)}</bdi></p>
      <p class="dim">{own(why)}</p>
      <p><b>{app.say("page-finding-fix")}</b> <bdi>{own(fix)}</bdi></p>
      {patch && <pre>{patch}</pre>}
      {follows.map((follower) => (
        <p class="dim" key={follower.code}>↳ {follower.code} <bdi>{own(follower.message)}</bdi></p>
      ))}
    </li>
  );
}
