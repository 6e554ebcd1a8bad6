/** Whether a media query holds, for what no style can place. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export const WIDE = "(min-width:1181px)"; // the three panes stand side by side, as in narrow.css

export function useMedia(query: string): boolean {
  const holds = useSignal(matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const changed = (): void => void (holds.value = media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, [query]);
  return holds.value;
}
