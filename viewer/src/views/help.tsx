/** All keys. */
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../state/app.ts";
import { BINDINGS } from "../state/keys.ts";

export function Help() {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const open = app.help.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (app.help.value = false)}>
      <h2 id="help-title">{app.say("page-all-keys")}</h2>
      <dl>
        {BINDINGS.map((binding) => (
          <div key={binding.id}>
            <dt>{binding.keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{app.say(binding.id)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="btn" onClick={() => ((app.help.value = false), (app.tour.value = 0))}>{app.say("tour-start")}</button>{" "}
      <button type="button" class="btn" onClick={() => (app.help.value = false)}>{app.say("page-close")}</button>
    </dialog>
  );
}
