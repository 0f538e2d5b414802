import { useState, type ReactElement } from 'react';
import type { DeadLetter } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';
import { formatCount } from '../../ui/format.js';
import { toKey, DeadLettersTable } from './dead-letters-table.js';
import { idsText, type KindGroup, type MessageGroup } from './group-by-error.js';
import type { Redrive } from './use-redrive.js';

const MAX_SHOWN = 50;

/** Shows the dead letters of one kind; all of them or the chosen ones can be redriven. */
export function GroupPanel({
  group,
  redrive,
}: {
  readonly group: KindGroup;
  readonly redrive: Redrive;
}): ReactElement {
  const { kind, messages } = group;
  return (
    <section className="panel stack">
      <div className="row spread">
        <h2>
          <span className="kind">{kind}</span> {idsText(group)}
        </h2>
        <Confirm
          title={`Redrive ${idsText(group)}?`}
          text={`Every dead letter of the kind “${kind}” goes back into the queue: from every lane and list, with any message, shown here or not. Dead letters of cancelled lists stay.`}
          action={`Redrive ${idsText(group)}`}
          onConfirm={() => {
            redrive([{ kind }]);
          }}
        >
          <button type="button" className="button small">
            Redrive {idsText(group)} of kind “{kind}”
          </button>
        </Confirm>
      </div>
      {messages.length === 0 && <p className="muted">None of the loaded dead letters is of this kind.</p>}
      {messages.map((each) => (
        <Message key={each.message} group={each} redrive={redrive} />
      ))}
    </section>
  );
}

function Message({
  group: { message, letters },
  redrive,
}: {
  readonly group: MessageGroup;
  readonly redrive: Redrive;
}): ReactElement {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = letters.slice(0, MAX_SHOWN);
  const wanted = shown.filter((letter) => chosen.has(toKey(letter)));
  const choose = (some: readonly DeadLetter[], isChosen: boolean): void => {
    setChosen((kept) => {
      const keys = new Set(some.map(toKey));
      return isChosen ? kept.union(keys) : kept.difference(keys);
    });
  };
  return (
    <details>
      <summary>
        {message} <span className="muted">({formatCount(letters.length)} loaded)</span>
      </summary>
      <DeadLettersTable
        label={`Ids that failed with ${message}`}
        letters={shown}
        chosen={chosen}
        choose={choose}
      />
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
        {letters.length > MAX_SHOWN && (
          <span className="muted">… and {formatCount(letters.length - MAX_SHOWN)} more</span>
        )}
      </div>
    </details>
  );
}
