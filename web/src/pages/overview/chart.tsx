import { useEffect, useRef, type ReactElement } from 'react';
import uPlot, { type AlignedData, type Options, type Series } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useWidth } from '../../ui/hooks.js';

export interface Line {
  readonly label: string;
  /** Name of a custom property that holds a colour. */
  readonly color: `--${string}`;
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
  readonly dash?: readonly number[];
}

export interface ChartProps {
  readonly title: string;
  /** Text of the chart for screen readers. */
  readonly summary: string;
  /** Times of the values, in seconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Theme that is shown; when it changes, the chart is drawn with the new colours. */
  readonly theme: string;
}

const HEIGHT = 190;
/** Distances between two grid lines: whole numbers, like counts and milliseconds. */
const WHOLE_STEPS = Array.from({ length: 13 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/** Draws one chart of the history. */
export function Chart({ title, summary, times, lines, format, theme }: ChartProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(frame);
  const shape = lines.map(({ label }) => label).join();
  useEffect(() => {
    if (frame.current === null || width === 0) {
      return;
    }
    const made = new uPlot(optionsOf({ lines, format, width }), dataOf(times, lines), frame.current);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [width === 0, shape, theme]);
  useEffect(() => {
    plot.current?.setSize({ width, height: HEIGHT });
  }, [width]);
  useEffect(() => {
    const { current } = plot;
    current?.setData(dataOf(times, lines), !isZoomed(current));
  }, [times, lines]);
  return (
    <figure className="panel chart">
      <figcaption>
        <h2>{title}</h2>
        <p className="visually-hidden">{summary}</p>
      </figcaption>
      <div ref={frame} aria-hidden="true" />
    </figure>
  );
}

/** Returns whether the user sees a part of the times. */
function isZoomed({ scales, data: [times] }: uPlot): boolean {
  const { min, max } = scales.x ?? {};
  const [first, last] = [times[0], times.at(-1)];
  return (
    typeof min === 'number' &&
    typeof max === 'number' &&
    first !== undefined &&
    last !== undefined &&
    (min > first || max < last)
  );
}

const DAY_SECONDS = 86_400;
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DATE = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** Formats a label of the time axis: the time, or the date where a new day begins. */
function formatTick(at: number, before: number | undefined, stepSeconds: number): string {
  const date = DATE.format(at * 1000);
  const isSameDay = before === undefined || DATE.format(before * 1000) === date;
  return isSameDay && stepSeconds < DAY_SECONDS ? CLOCK.format(at * 1000) : date;
}

/** Formats the time under the mouse; null if the mouse is elsewhere. */
function formatMoment(at: number | null): string {
  return at === null ? '–' : `${DATE.format(at * 1000)}, ${CLOCK.format(at * 1000)}`;
}

function dataOf(times: readonly number[], lines: readonly Line[]): AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function optionsOf({
  lines,
  format,
  width,
}: {
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly width: number;
}): Options {
  const style = getComputedStyle(document.documentElement);
  const axis = {
    stroke: colorOf(style, '--muted'),
    grid: { stroke: colorOf(style, '--line'), width: 1 },
    ticks: { stroke: colorOf(style, '--line'), width: 1 },
    font: `12px ${style.getPropertyValue('--sans')}`,
  };
  return {
    width,
    height: HEIGHT,
    cursor: { y: false, sync: { key: 'history' } },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        space: 64,
        values: (_plot, splits, _axis, _space, stepSeconds) =>
          splits.map((at, i) => formatTick(at, splits[i - 1], stepSeconds)),
      },
      {
        ...axis,
        size: 64,
        incrs: WHOLE_STEPS,
        values: (_plot, values) => values.map((value) => format(value)),
      },
    ],
    series: [
      { label: 'Time', value: (_plot, at: number | null) => formatMoment(at) },
      ...lines.map((line) => seriesOf(line, style, format)),
    ],
  };
}

function seriesOf(line: Line, style: CSSStyleDeclaration, format: (value: number) => string): Series {
  const color = colorOf(style, line.color);
  return {
    label: line.label,
    stroke: color,
    width: 2,
    points: { size: 5 },
    value: (_plot, value: number | null) => (value === null ? '–' : format(value)),
    ...(line.isFilled === true && { fill: `color-mix(in srgb, ${color} 22%, transparent)` }),
    ...(line.dash !== undefined && { dash: [...line.dash] }),
  };
}

/** Returns the computed colour of a custom property: a canvas supports neither those nor `light-dark()`. */
function colorOf(style: CSSStyleDeclaration, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color === '' ? style.color : color;
}
