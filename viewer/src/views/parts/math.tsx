/** MathML from the Python side, rebuilt element by element: only what is mathematics gets in. */
import { h, type ComponentChild } from "preact";

const ELEMENTS = new Set(
  "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose".split(" "),
);
const ATTRIBUTES = new Set(
  "display displaystyle stretchy accent accentunder width lspace rspace fence separator form minsize maxsize columnalign linethickness mathvariant".split(" "),
);

export function Formula({ math }: { math: string }) {
  const parsed = new DOMParser().parseFromString(math, "application/xml").documentElement;
  return parsed.localName === "math" ? <>{rebuilt(parsed, 0, isDerivative(parsed.querySelector("mfrac")))}</> : null;
}

/** Whether a fraction is `∂loss/∂w`. */
function isDerivative(element: Element | null): boolean {
  return element?.localName === "mfrac" && [...element.children].every((part) => part.textContent?.startsWith("∂"));
}

/** The hue of a part of the chain rule: of gradients, or of forward values that local slopes are made from. */
function hueOf(element: Element): string | undefined {
  if (isDerivative(element)) return "mg";
  const applied = /^[(\u2061]/.test(element.nextElementSibling?.textContent ?? ""); // the name of a function
  return element.localName === "mi" && !applied ? "mf" : undefined;
}

function rebuilt(element: Element, key: number, chain: boolean): ComponentChild {
  if (!ELEMENTS.has(element.localName)) return element.textContent;
  const attributes: Record<string, string | number> = { key };
  const hue = chain ? hueOf(element) : undefined;
  if (hue) attributes["class"] = hue;
  if (element.localName === "mo" && element.textContent === ".") attributes["lspace"] = attributes["rspace"] = 0; // of `w.grad`
  for (const { name, value } of element.attributes) if (ATTRIBUTES.has(name)) attributes[name] = value;
  const children = [...element.childNodes].map((child, place) =>
    child.nodeType === Node.ELEMENT_NODE ? rebuilt(child as Element, place, chain && hue === undefined) : child.textContent,
  );
  return h(element.localName, attributes, ...children);
}
