/** A part of a pane, with its heading. */
import type { ComponentChildren } from "preact";

export function Part({ title, children }: { title: ComponentChildren; children: ComponentChildren }) {
  return <section class="part"><h2>{title}</h2>{children}</section>;
}
