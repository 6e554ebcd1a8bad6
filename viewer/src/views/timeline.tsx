/** Loss and gradient norm over all steps: click to open a step, drag to zoom. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { count, short } from "../model/format.ts";
import { nearestStep, whatWentWrong } from "../model/playhead.ts";
import { at, columns, findingMarks, logarithmic, marks, type Columns } from "../model/timeline.ts";
import { useApp, type App } from "../state/app.ts";

const HEIGHT = 74;
const POINTS = 2000; // of each curve; more steps are thinned by the server
const LABELS: Readonly<Record<string, string>> = { loss: "page-loss", grad_norm: "page-gradient-norm" };
const COLOURS: Readonly<Record<string, string>> = { loss: "--loss", grad_norm: "--grad-fill" };

export function Timeline() {
  const app = useApp();
  const { overview } = app.recording;
  const data = useSignal<Columns | null>(null);
  const last = Math.max(0, overview.steps - 1);
  const [first, end] = app.window.value ?? [0, Math.max(last, whatWentWrong(overview)?.step ?? 0)];
  useEffect(() => {
    let wanted = true;
    app.recording.curves(first, Math.max(first, Math.min(end, last)), POINTS).then(
      (found) => wanted && (data.value = columns(found)),
      () => wanted && (data.value = null),
    );
    return () => (wanted = false);
  }, [first, end]);
  const shown = data.value;
  const step = app.step.value;
  const exact = useExact(step);
  return (
    <section class="time" aria-label={app.say("page-timeline")}>
      <div>
        <dl>
          {shown?.bands.map((band) => {
            const own = exact?.bands.find((candidate) => candidate.name === band.name)?.high[0];
            const value = own ?? (step === null || step > last ? null : at(shown.steps, band.high, step));
            return (
              <div key={band.name} class={`k-${band.name}`}>
                <dt>{app.say(LABELS[band.name] ?? "page-value")}</dt>
                <dd>{value === null ? "–" : short(value)}</dd>
              </div>
            );
          })}
        </dl>
        <p class="scale">{shown && <Scale log={logarithmic(shown)} />}</p>
      </div>
      {shown && shown.steps.length > 0 && (
        <Plot key={app.theme.value} data={shown} first={first} last={end} />
      )}
    </section>
  );
}

/** The numbers of one step itself: where the curves are thinned, a point is not one step. */
function useExact(step: number | null): Columns | null {
  const app = useApp();
  const found = useSignal<{ readonly step: number; readonly data: Columns } | null>(null);
  useEffect(() => {
    if (step === null || app.recording.overview.exported || app.recording.overview.steps <= POINTS) return;
    app.recording.curves(step, step, 2).then(
      (curves) => (found.value = { step, data: columns(curves) }),
      () => (found.value = null),
    );
  }, [step]);
  return found.value?.step === step ? found.value.data : null;
}

function Scale({ log }: { log: boolean }) {
  const app = useApp();
  const { full, steps } = app.recording.overview;
  const window = app.window.value;
  const number = full.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return (
    <>
      {app.say(log ? "page-log-scale" : "page-linear-scale")} ·{" "}
      {number === steps ? app.say("page-all-full") : app.say("page-some-full", { full: count(number), steps: count(steps) })}
      {window && (
        <>
          {" · "}{app.say("page-zoomed", { first: count(window[0]), last: count(window[1]) })}{" "}
          <button type="button" class="link" onClick={() => (app.window.value = null)}>{app.say("page-whole")}</button>
        </>
      )}
    </>
  );
}

function Plot({ data, first, last }: { data: Columns; first: number; last: number }) {
  const app = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    const drawn = new uPlot(options(app, data, place.clientWidth, first, last), table(data), place);
    plot.current = drawn;
    const watcher = new ResizeObserver(() => drawn.setSize({ width: place.clientWidth, height: HEIGHT }));
    watcher.observe(place);
    return () => {
      watcher.disconnect();
      drawn.destroy();
    };
  }, [data, first, last]);
  const step = app.step.value;
  useEffect(() => plot.current?.redraw(false), [step]);
  return <div class="plot" ref={frame}><Marks first={first} last={last} /></div>;
}

/** Where the run raised an error, or a number ceased to be one: a click opens the step. */
function Marks({ first, last }: { first: number; last: number }) {
  const app = useApp();
  return (
    <>
      {marks(app.recording.overview, first, last).map(({ kind, step, event, at }) => {
        const label = app.say(`page-${kind}`, { step: String(step) });
        const open = (): void => {
          const near = nearestStep(app.recording.overview, step);
          if (near !== null) app.openStep(near, near === step ? (event ?? app.event.value) : app.event.value);
        };
        return <button type="button" key={`${kind}${step}`} class="mark" style={{ "--at": at }} aria-label={label} title={label} onClick={open}>!</button>;
      })}
      {findingMarks(app.findings.value, first, last).map(({ finding, more, at }) => {
        const label = `${finding.code} ${finding.name}: ${finding.message[app.language.value] ?? ""}`;
        return (
          <button type="button" key={finding.code} class={`mark found ${finding.severity}`} style={{ "--at": at }} aria-label={label} title={label} onClick={() => app.openFinding(finding)}>
            {finding.code}{more > 0 && ` +${more}`}
          </button>
        );
      })}
    </>
  );
}

/** Round steps, and the last one, which is nobody's neighbour. */
function stepsNamed(_plot: uPlot, _axis: number, least: number, most: number, step: number): number[] {
  const round: number[] = [];
  for (let at = Math.ceil(least / step) * step; at <= most - step / 2; at += step) round.push(at);
  return [...round, most];
}

/** The powers of ten among the marks of a log axis. */
function decades(_: uPlot, splits: number[]): (number | null)[] {
  return splits.map((split) => (Number.isInteger(Math.round(Math.log10(split) * 1e6) / 1e6) ? split : null));
}

function table(data: Columns): uPlot.AlignedData {
  return [data.steps, ...data.bands.flatMap((band) => [band.high, band.low])] as uPlot.AlignedData;
}

function options(app: App, data: Columns, width: number, first: number, last: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const log = logarithmic(data);
  return {
    width,
    height: HEIGHT,
    padding: [8, 4, 0, 4],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    scales: { x: { time: false, range: [first, Math.max(last, first + 1)] }, y: log ? { distr: 3 } : {} },
    axes: [
      { stroke: token("--ink3"), font, size: 18, gap: 3, grid: { show: false }, ticks: { show: false }, space: 70, splits: stepsNamed, values: (_, splits) => splits.map((split) => (Number.isInteger(split) ? count(split) : "")) },
      { side: 1, stroke: token("--ink3"), font, size: 46, gap: 4, grid: { stroke: token("--line"), width: 1, ...(log ? { filter: decades } : {}) }, ticks: { show: false }, space: 22, ...(log ? { filter: decades } : {}), values: (_, splits) => splits.map((split) => (split === null ? "" : String(Number(split.toPrecision(3))))) },
    ],
    series: [
      {},
      ...data.bands.flatMap((band) => {
        const line = { stroke: token(COLOURS[band.name] ?? "--ink"), width: 1.75, pxAlign: 0, points: { show: data.steps.length < 3 } };
        return [line, { ...line, width: 1 }];
      }),
    ],
    bands: data.bands.map((band, place) => ({
      series: [2 * place + 1, 2 * place + 2] as [number, number],
      fill: `color-mix(in oklab, ${token(COLOURS[band.name] ?? "--ink")} 22%, transparent)`,
    })),
    hooks: {
      draw: [(plot) => playhead(plot, app, data, token)],
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 6) return;
          const from = Math.max(0, Math.round(plot.posToVal(left, "x")));
          const to = Math.round(plot.posToVal(left + wide, "x"));
          if (to > from) app.window.value = [from, to];
        },
      ],
      ready: [
        (plot) =>
          plot.over.addEventListener("click", (event) => {
            if (plot.select.width >= 6) return;
            const step = nearestStep(app.recording.overview, Math.round(plot.posToVal(event.offsetX, "x")));
            if (step !== null) app.openStep(step);
          }),
      ],
    },
  };
}

/** Ticks of full steps, the future paler, and the line of the step that is open. */
function playhead(plot: uPlot, app: App, data: Columns, token: (name: string) => string): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  const x = (step: number): number => plot.valToPos(step, "x", true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left - 6 * ratio, 0, width + 12 * ratio, plot.ctx.canvas.height);
  ctx.clip();
  ctx.fillStyle = token("--line2");
  for (const [first, last] of app.recording.overview.full) {
    const from = Math.max(left, x(first));
    const to = Math.min(left + width, x(last));
    if (to >= left && from <= left + width) ctx.fillRect(from, top + height, Math.max(to - from, 1.5 * ratio), 3 * ratio);
  }
  const step = app.step.peek();
  if (step !== null) {
    const at = x(step);
    ctx.globalAlpha = 0.6;
    ctx.fillStyle = token("--pane");
    if (at < left + width) ctx.fillRect(Math.max(at, left), top, left + width - Math.max(at, left), height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = token("--ink");
    ctx.fillRect(at - 0.75 * ratio, 0, 1.5 * ratio, top + height + 4 * ratio);
    ctx.font = `600 ${11 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    const label = count(step);
    const wide = ctx.measureText(label).width;
    const right = at + wide + 10 * ratio < left + width;
    ctx.textBaseline = "top";
    ctx.textAlign = right ? "left" : "right";
    ctx.fillText(label, at + (right ? 5 : -5) * ratio, 0);
    for (const band of data.bands) {
      const place = data.steps.indexOf(step);
      const value = place < 0 ? null : band.high[place];
      if (value === null || value === undefined) continue;
      ctx.beginPath();
      ctx.arc(at, plot.valToPos(value, "y", true), 3.5 * ratio, 0, 2 * Math.PI);
      ctx.fillStyle = token(COLOURS[band.name] ?? "--ink");
      ctx.fill();
      ctx.lineWidth = 2 * ratio;
      ctx.strokeStyle = token("--pane");
      ctx.stroke();
    }
  }
  ctx.restore();
}
