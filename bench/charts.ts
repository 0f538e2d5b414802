/** Draws the charts of docs/performance.md from the last results: `node bench/charts.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CaseResult, Row } from './cases/bench-case.ts';
import { drawBars, type Bar } from './chart.ts';
import { RESULTS_FILE } from './report.ts';

interface Chart {
  readonly file: string;
  readonly title: string;
  readonly bench: string;
  /** Selects the rows of the case that end with this text: a bar each, named by the text before it. */
  readonly ending: string;
  readonly unit: string;
}

const CHARTS: readonly Chart[] = [
  {
    file: 'acceptances.svg',
    title: 'Lists of 5 ids accepted a second, 64 connections',
    bench: 'acceptance',
    ending: ': acceptances',
    unit: '/s',
  },
  {
    file: 'status-reads.svg',
    title: 'Status reads a second, 64 connections',
    bench: 'status',
    ending: ': reads',
    unit: '/s',
  },
  {
    file: 'backlog.svg',
    title: 'Acceptances a second behind a backlog that waits',
    bench: 'backlog',
    ending: ': acceptances',
    unit: '/s',
  },
];

/** Matches the bars of the other contestants. */
const OTHERS = /^(bare|BullMQ|pg-boss|FastAPI)/;

const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));

const { cases } = JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as {
  cases: Readonly<Record<string, CaseResult>>;
};
mkdirSync(FOLDER, { recursive: true });
for (const { file, title, bench, ending, unit } of CHARTS) {
  const bars = (cases[bench]?.rows ?? [])
    .filter(({ what }) => what.endsWith(ending))
    .map((row) => toBar(row, ending));
  if (bars.length > 0) {
    writeFileSync(`${FOLDER}${file}`, drawBars(title, unit, bars));
    console.log(`drew docs/images/${file}`);
  }
}

function toBar({ what, series: { median, min, max } }: Row, ending: string): Bar {
  const name = what.slice(0, -ending.length);
  return { name, median, min, max, isOurs: !OTHERS.test(name) };
}
