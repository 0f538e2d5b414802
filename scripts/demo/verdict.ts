import { BATCH_DELAY_SECONDS, DISPATCHES, type PlannedDispatch } from './plan.ts';

/** The deviation of a start that the two processes and their connection may cause at the upstream. */
const TOLERANCE_SECONDS = 0.25;

export interface Verdict {
  readonly held: boolean;
  /** One sentence a line, for people to read. */
  readonly lines: readonly string[];
}

/** Checks that the dispatches match the plan, in order and pace. */
export function judge(seen: readonly PlannedDispatch[]): Verdict {
  const order = judgeOrder(seen);
  const pace = judgePace(seen);
  return { held: order.held && pace.held, lines: [...order.lines, ...pace.lines] };
}

function judgeOrder(seen: readonly PlannedDispatch[]): Verdict {
  const wanted = describeIds(DISPATCHES);
  const got = describeIds(seen);
  return got === wanted
    ? {
        held: true,
        lines: [
          `Order held: ${got}.`,
          'HIGH went ahead of the rest of MEDIUM, and the last dispatch was filled across both requests.',
        ],
      }
    : { held: false, lines: [`Order broken: expected ${wanted}, saw ${got}.`] };
}

function judgePace(seen: readonly PlannedDispatch[]): Verdict {
  const times = seen.map(({ atSeconds }) => `T${atSeconds.toFixed(2)}`).join(', ');
  const isOnTime =
    seen.length === DISPATCHES.length &&
    seen.every(
      ({ atSeconds }, i) => Math.abs(atSeconds - (DISPATCHES[i]?.atSeconds ?? Infinity)) <= TOLERANCE_SECONDS,
    );
  const slots = DISPATCHES.map(({ atSeconds }) => `T${String(atSeconds)}`).join(', ');
  return isOnTime
    ? {
        held: true,
        lines: [`Pace held: they began at ${times}: one every ${String(BATCH_DELAY_SECONDS)} s, none late.`],
      }
    : { held: false, lines: [`Pace broken: expected ${slots}, saw ${times === '' ? 'none' : times}.`] };
}

function describeIds(dispatches: readonly PlannedDispatch[]): string {
  return dispatches.length === 0 ? 'none' : dispatches.map(({ ids }) => ids.join(', ')).join(' / ');
}
