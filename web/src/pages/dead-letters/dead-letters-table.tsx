import type { ReactElement } from 'react';
import type { DeadLetter } from '../../api/types.js';
import { Age } from '../../ui/age.js';
import { IngestionTag, PriorityBadge } from '../../ui/badges.js';
import '../../ui/table.css';

export function toKey({ ingestion_id: id, position }: DeadLetter): string {
  return `${id} ${String(position)}`;
}

export interface DeadLettersTableProps {
  readonly label: string;
  readonly letters: readonly DeadLetter[];
  /** Keys of the chosen dead letters; see `toKey`. */
  readonly chosen: ReadonlySet<string>;
  readonly choose: (letters: readonly DeadLetter[], isChosen: boolean) => void;
}

/** Shows dead letters in a table with a checkbox for each. */
export function DeadLettersTable({ label, letters, chosen, choose }: DeadLettersTableProps): ReactElement {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label="All that are shown"
                checked={letters.length > 0 && letters.every((letter) => chosen.has(toKey(letter)))}
                onChange={({ target }) => {
                  choose(letters, target.checked);
                }}
              />
            </th>
            <th scope="col">Id</th>
            <th scope="col">Ingestion</th>
            <th scope="col">Lane</th>
            <th scope="col">Last error</th>
            <th scope="col">Priority</th>
            <th scope="col">Attempts</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={toKey(letter)}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Id ${String(letter.id)}`}
                  checked={chosen.has(toKey(letter))}
                  onChange={({ target }) => {
                    choose([letter], target.checked);
                  }}
                />
              </td>
              <td className="number">{String(letter.id)}</td>
              <td>
                <IngestionTag id={letter.ingestion_id} />
              </td>
              <td>{letter.lane}</td>
              <td className="error-of-group">
                <span className="kind">{letter.error.kind}</span> {letter.error.message}
              </td>
              <td>
                <PriorityBadge priority={letter.priority} />
              </td>
              <td className="number">{letter.attempts.length}</td>
              <td>
                <Age value={letter.died_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
