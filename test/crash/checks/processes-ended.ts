import type { Evidence } from '../evidence.ts';
import type { Verdict } from '../report.ts';

/** Matches the log line of an unexpected failure of a request, with its stack trace. */
const DEFECT = /\S+ \S+ answered 500: [^]{0,1500}/g;

/**
 * Checks that each process ended as signalled, the store is sound, and clients got only expected responses.
 */
export function checkProcesses({ signal, processes, ledger, storeFaults }: Evidence): Verdict[] {
  const strange = processes
    .filter(({ exit, isStopped }, i) => {
      const wanted = isStopped || i === processes.length - 1 ? 'SIGTERM' : signal;
      return wanted === 'SIGTERM' ? exit?.code !== 0 : exit?.signal !== 'SIGKILL';
    })
    .map(
      ({ number, exit, errors }) =>
        `process ${String(number)}: code ${String(exit?.code)}, signal ${String(exit?.signal)}: ${errors.slice(-500)}`,
    );
  return [
    { name: 'each process ends as it was told to; on SIGTERM with exit code 0', faults: strange },
    {
      name: 'what is handed over again is the same ingestion, and is said to be',
      faults: ledger.replayFaults,
    },
    {
      name: 'no process meets a defect',
      faults: processes.flatMap(({ errors }) => errors.match(DEFECT) ?? []),
    },
    { name: 'clients are accepted, or told to come back', faults: ledger.oddAnswers },
    { name: 'the store is sound', faults: storeFaults },
  ];
}
