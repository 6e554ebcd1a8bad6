/** The icons, drawn on a 16 × 16 grid. */
const PATHS = {
  "previous-step": "M8 4 4 8l4 4M13 4 9 8l4 4",
  "previous-event": "M10 3.5 5.5 8l4.5 4.5",
  "next-event": "M6 3.5 10.5 8 6 12.5",
  "next-step": "m3 4 4 4-4 4M8 4l4 4-4 4",
  play: "M5 3.5v9l7-4.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  fold: "M4 2.5 8 6l4-3.5M4 13.5 8 10l4 3.5",
  unfold: "M4 6l4-3.5L12 6M4 10l4 3.5 4-3.5",
  "zoom-out": "M3.5 8h9",
  "zoom-in": "M3.5 8h9M8 3.5v9",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11",
} as const;

const FILLED: Partial<Record<keyof typeof PATHS, string>> = { play: PATHS.play, theme: "M8 2.5a5.5 5.5 0 0 1 0 11z" };

export type IconName = keyof typeof PATHS;

/** A button with an icon alone; its label is read aloud and shown on hover. */
export function IconButton(props: { icon: IconName; label: string; run: () => void }) {
  return (
    <button type="button" class="ic" aria-label={props.label} title={props.label} onClick={props.run}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d={PATHS[props.icon]} />{FILLED[props.icon] && <path class="f" d={FILLED[props.icon]} />}</svg>
    </button>
  );
}
