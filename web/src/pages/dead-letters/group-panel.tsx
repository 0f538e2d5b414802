import { useState, type ReactElement } from 'react';
import type { DeadLetter } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';
import { formatCount } from '../../ui/time.js';
import { keyOf, LettersTable } from './letters-table.js';
import type { Group } from './groups.js';
import type { Redrive } from './redrive.js';

const SHOWN = 50;

/** Those that died of one error: sent again all together, or those that are chosen. */
export function GroupPanel({
  group: { kind, message, letters, ingestionIds },
  redrive,
}: {
  readonly group: Group;
  readonly redrive: Redrive;
}): ReactElement {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = letters.slice(0, SHOWN);
  const wanted = shown.filter((letter) => chosen.has(keyOf(letter)));
  const choose = (some: readonly DeadLetter[], isChosen: boolean): void => {
    setChosen((kept) => {
      const keys = new Set(some.map(keyOf));
      return isChosen ? kept.union(keys) : kept.difference(keys);
    });
  };
  return (
    <section className="panel">
      <div className="row spread">
        <div>
          <h2>
            <span className="kind">{kind}</span> {message}
          </h2>
          <p className="muted">
            {formatCount(letters.length)} {letters.length === 1 ? 'id' : 'ids'} of{' '}
            {formatCount(ingestionIds.length)} {ingestionIds.length === 1 ? 'list' : 'lists'}
          </p>
        </div>
        <Confirm
          title={`Send all of kind “${kind}” again?`}
          text="Every dead letter of this kind goes back into the queue, those that are not shown too."
          action="Send again"
          onConfirm={() => {
            redrive([{ kind }]);
          }}
        >
          <button type="button" className="button small">
            Redrive all “{kind}”
          </button>
        </Confirm>
      </div>
      <details>
        <summary>Show them</summary>
        <LettersTable label={`Ids that died of ${message}`} letters={shown} chosen={chosen} choose={choose} />
        <div className="row">
          <button
            type="button"
            className="button small primary"
            disabled={wanted.length === 0}
            onClick={() => {
              redrive(wanted.map(({ ingestion_id, position }) => ({ ingestion_id, position })));
              setChosen(new Set());
            }}
          >
            Redrive {formatCount(wanted.length)} chosen
          </button>
          {letters.length > SHOWN && (
            <span className="muted">… and {formatCount(letters.length - SHOWN)} more</span>
          )}
        </div>
      </details>
    </section>
  );
}
