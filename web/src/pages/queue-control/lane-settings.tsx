import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useHasScope } from '../../api/access.js';
import { laneSettingsQuery } from '../../api/queries.js';
import type { LaneSettings, Queue } from '../../api/types.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { Loading } from '../../ui/loading.js';
import { SettingsForm } from './settings-form.js';
import { SettingsTable } from './settings-table.js';
import { useChangeSettings } from './use-change-settings.js';
import './lane-settings.css';

/** Shows the settings of a lane with their sources; with the scope `admin` they can be changed. */
export function LaneSettingsPanel({
  lane,
  queue,
}: {
  readonly lane: string;
  readonly queue: Queue;
}): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="lane-settings"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>Settings</summary>
      {isOpen && <Settings lane={lane} queue={queue} />}
    </details>
  );
}

function Settings({ lane, queue }: { readonly lane: string; readonly queue: Queue }): ReactElement {
  const { data, error, refetch } = useQuery(laneSettingsQuery(lane));
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} onRetry={() => void refetch()} />;
  }
  return <KnownSettings settings={data} queue={queue} />;
}

function KnownSettings({
  settings,
  queue,
}: {
  readonly settings: LaneSettings;
  readonly queue: Queue;
}): ReactElement {
  const mayChange = useHasScope('admin');
  const [isEditing, setEditing] = useState(false);
  const { change, revert } = useChangeSettings(settings);
  return isEditing ? (
    <SettingsForm
      settings={settings}
      queue={queue}
      onSave={change}
      onClose={() => {
        setEditing(false);
      }}
    />
  ) : (
    <div className="stack">
      <div className="row spread">
        <p className="muted">
          Version {settings.version}. A change holds on all replicas and across restarts, until it is
          reverted.
        </p>
        <button
          type="button"
          className="button"
          disabled={!mayChange}
          title={mayChange ? undefined : 'This needs a key with the scope admin'}
          onClick={() => {
            setEditing(true);
          }}
        >
          Change settings
        </button>
      </div>
      <SettingsTable settings={settings} onRevert={revert} />
    </div>
  );
}
