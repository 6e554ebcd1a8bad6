/** A value with each of its elements in reach, whatever its size. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { cells } from "../../model/layout.ts";
import { elementName } from "../../model/naming.ts";
import { decode, type Tensor } from "../../model/tensor.ts";
import { useApp } from "../../state/app.ts";
import { Cells, Figures, type Hue } from "./cells.tsx";
import { Grid } from "./grid.tsx";

const MOST = 65_536; // elements that are drawn

/** All elements of a slot; those of a large value are asked for. Null until they are there. */
export function useTensor(slot: number | null): Tensor | null {
  const app = useApp();
  const step = app.shown.value?.data.index;
  const near = app.tensor(slot);
  const asked = useSignal<Tensor | null>(null);
  const count = (slot === null ? undefined : app.shown.value?.structure.slots[slot]?.shape)?.reduce((product, length) => product * length, 1) ?? 0;
  const whole = app.figures(slot)?.whole ?? false;
  useEffect(() => {
    asked.value = null;
    if (near || slot === null || step === undefined || !whole || count > MOST) return;
    let here = true;
    app.recording.tensor(step, slot).then(
      (data) => here && (asked.value = decode(data)),
      () => undefined, // an exported file may lack it: then its figures stand
    );
    return () => void (here = false);
  }, [step, slot]);
  return near ?? asked.value;
}

export function Whole({ slot, hue }: { slot: number; hue: Hue }) {
  const app = useApp();
  const tensor = useTensor(slot);
  const chosen = app.selection.value;
  if (!tensor || cells(tensor.shape)) return tensor ? <Cells slot={slot} hue={hue} /> : <Figures slot={slot} />;
  const symbol = app.name(slot);
  return (
    <Grid
      tensor={tensor} hue={hue} label={symbol} name={(place) => elementName(symbol, tensor.shape, place)}
      chosen={chosen?.slot === slot ? chosen.place : null} press={(place) => app.inquiry.choose(slot, place)}
    />
  );
}
