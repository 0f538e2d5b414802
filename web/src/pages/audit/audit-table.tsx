import type { ReactElement } from 'react';
import type { AuditEntry } from '../../api/types.js';
import { toHref } from '../../lanes/lane.js';
import { IngestionTag } from '../../ui/badges.js';
import { Age } from '../../ui/age.js';
import { Time } from '../../ui/format.js';
import { ACTION_NAMES, describeValues } from './audit-words.js';
import '../../ui/table.css';
import './audit.css';

const LIST_ACTIONS: ReadonlySet<AuditEntry['action']> = new Set([
  'cancel',
  'reprioritize',
  'redrive',
  'discard',
]);

/** Shows acts: time, client, what was done to what, and the values before and after. */
export function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }): ReactElement {
  return (
    <div className="table-frame">
      <table className="table audit-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Did</th>
            <th scope="col">Lane</th>
            <th scope="col">What</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.entry_id}>
              <td className="when">
                <Time value={entry.at} />
                <span className="muted">
                  <Age value={entry.at} />
                </span>
              </td>
              <td title={entry.request_id === null ? undefined : `request ${entry.request_id}`}>
                <Who entry={entry} />
              </td>
              <td>{ACTION_NAMES[entry.action]}</td>
              <td>{entry.lane !== null && <a href={toHref('/', entry.lane)}>{entry.lane}</a>}</td>
              <td>
                <Target entry={entry} />
              </td>
              <td className="values">
                {describeValues(entry).map((line) => (
                  <span key={line}>{line}</span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Who({ entry: { client, address } }: { readonly entry: AuditEntry }): ReactElement {
  return client !== null ? (
    <>
      {client}
      {address !== null && <span className="muted"> {address}</span>}
    </>
  ) : (
    <span className="muted">{address === null ? 'the application' : `a request from ${address}`}</span>
  );
}

function Target({ entry: { action, target } }: { readonly entry: AuditEntry }): ReactElement | null {
  if (target === null) {
    return null;
  }
  return LIST_ACTIONS.has(action) ? <IngestionTag id={target} /> : <code>{target}</code>;
}
