import type { ReactElement } from 'react';
import type { DeadLetterGroup } from '../../api/types.js';
import { Age } from '../../ui/age.js';
import { formatCount } from '../../ui/format.js';

/** Shows the dead letters by lane and error, with their true numbers; a group becomes the filter when it is chosen. */
export function DeadLetterGroups({
  groups,
  onChoose,
}: {
  readonly groups: readonly DeadLetterGroup[];
  readonly onChoose: (group: DeadLetterGroup) => void;
}): ReactElement {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Table of errors">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Error</th>
            <th scope="col">Lane</th>
            <th scope="col">HTTP</th>
            <th scope="col">Ids</th>
            <th scope="col">Ingestions</th>
            <th scope="col">First failed</th>
            <th scope="col">Last failed</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const { lane, kind, message, upstream_status: status } = group;
            return (
              <tr key={`${lane} ${kind} ${String(status)} ${String(message)}`}>
                <td className="error-of-group">
                  <span className="kind">{kind}</span> {message ?? 'further messages'}
                </td>
                <td>{lane}</td>
                <td className="number">{status ?? '–'}</td>
                <td className="number">{formatCount(group.ids)}</td>
                <td className="number">{formatCount(group.ingestions)}</td>
                <td>
                  <Age value={group.first_failed_at} />
                </td>
                <td>
                  <Age value={group.last_failed_at} />
                </td>
                <td>
                  <button
                    type="button"
                    className="button small"
                    aria-label={`Show only ${kind} ${message ?? ''} in lane ${lane}`}
                    onClick={() => {
                      onChoose(group);
                    }}
                  >
                    Show
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
