/** A bar of a chart: the median, with the range of the rounds. */
export interface Bar {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** True for a bar of Sluice. */
  readonly isOurs: boolean;
}

const WIDTH = 720;
const BAR_HEIGHT = 22;
const GAP = 10;
const LEFT = 200;
const RIGHT = 90;
const TOP = 44;
/** Colours readable on white and on black, because the background is not known. */
const OURS = '#1f8a70';
const OTHERS = '#8b93a1';
const TEXT = '#767d89';

/** Draws horizontal bars from zero, with the range of the rounds as a line over each end. */
export function drawBars(title: string, unit: string, bars: readonly Bar[]): string {
  const height = TOP + bars.length * (BAR_HEIGHT + GAP) + GAP;
  const most = Math.max(...bars.map(({ max }) => max));
  const xOf = (value: number): number => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);
  const rows = bars.map((bar, i) => drawBar(bar, TOP + i * (BAR_HEIGHT + GAP), unit, xOf));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${escape(title)}">`,
    `<style>text{font:13px system-ui,sans-serif;fill:${TEXT}}.title{font-weight:600;font-size:15px}.ours{fill:${OURS};font-weight:600}</style>`,
    `<text class="title" x="0" y="20">${escape(title)}</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function drawBar(
  { name, median, min, max, isOurs }: Bar,
  y: number,
  unit: string,
  xOf: (value: number) => number,
): string {
  const middle = y + BAR_HEIGHT / 2;
  const textClass = isOurs ? ' class="ours"' : '';
  return [
    `<text${textClass} x="${String(LEFT - 10)}" y="${String(middle + 4)}" text-anchor="end">${escape(name)}</text>`,
    `<rect x="${String(LEFT)}" y="${String(y)}" width="${fixed(xOf(median) - LEFT)}" height="${String(BAR_HEIGHT)}" rx="3" fill="${isOurs ? OURS : OTHERS}"/>`,
    `<line x1="${fixed(xOf(min))}" x2="${fixed(xOf(max))}" y1="${String(middle)}" y2="${String(middle)}" stroke="${TEXT}" stroke-width="2"/>`,
    `<text${textClass} x="${fixed(xOf(max) + 8)}" y="${String(middle + 4)}">${Math.round(median).toLocaleString('en')}${escape(unit)}</text>`,
  ].join('');
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
