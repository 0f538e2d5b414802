import type { ReactElement } from 'react';
import { useAccess } from '../../api/access.js';
import { call } from '../../api/client.js';
import { useGate } from '../../live/live.js';
import { Confirm } from '../../ui/confirm.js';
import { notify } from '../../ui/notices.js';
import { messageOf } from '../../ui/problem.js';
import { formatCount, Time } from '../../ui/time.js';
import { describePace } from '../gate/strip.js';
import './control.css';

/** Where the gate is stopped and opened. */
export function ControlPage(): ReactElement {
  const { queue } = useGate();
  const { mayControl } = useAccess();
  const control = async (what: 'pause' | 'resume'): Promise<void> => {
    try {
      await call(`queue/${what}`, { method: 'POST' });
      notify(what === 'pause' ? 'The gate is paused' : 'The gate is open');
    } catch (error) {
      notify(messageOf(error), 'bad');
    }
  };
  return (
    <div className="stack">
      <h1>Control</h1>
      {queue === null ? (
        <p className="muted">Looking …</p>
      ) : (
        <section className="panel control" data-paused={queue.paused ? '' : undefined}>
          <div>
            <h2>{queue.paused ? 'The gate is paused' : 'The gate is open'}</h2>
            <p className="muted">
              {queue.paused ? (
                <>
                  Nothing is dispatched, by any replica{' '}
                  {queue.paused_at !== null && (
                    <>
                      since <Time value={queue.paused_at} />
                    </>
                  )}
                  . Lists are accepted.
                </>
              ) : (
                <>{describePace(queue)}.</>
              )}{' '}
              {formatCount(queue.waiting.total)} ids wait, {formatCount(queue.in_flight)} are under way.
            </p>
          </div>
          {!mayControl ? (
            <p className="muted">This key may not stop or open it.</p>
          ) : queue.paused ? (
            <Confirm
              title="Open the gate?"
              text={`${formatCount(queue.waiting.total)} ids wait; the first go out at once, at the allowed pace.`}
              action="Resume"
              onConfirm={() => void control('resume')}
            >
              <button type="button" className="button primary">
                Resume
              </button>
            </Confirm>
          ) : (
            <Confirm
              title="Pause the gate?"
              text="Nothing more is dispatched, by any replica and over restarts, until it is resumed. Calls under way end as usual; lists are accepted."
              action="Pause"
              isDanger
              onConfirm={() => void control('pause')}
            >
              <button type="button" className="button danger">
                Pause
              </button>
            </Confirm>
          )}
        </section>
      )}
    </div>
  );
}
