import { useState, type ReactElement } from 'react';
import type { LaneSettings, Queue } from '../../api/types.js';
import { describeChanges, toChanges, toFieldText, type Changes, type Draft } from './setting-changes.js';
import { FieldError } from './field-error.js';
import type { Refusal } from './refusal.js';
import { SettingField } from './setting-field.js';
import { SETTINGS } from './setting-words.js';
import type { ChangeResult } from './use-change-settings.js';

/** Edits the settings of a lane, and says what the changes will do before they are saved. */
export function SettingsForm({
  settings: { lane, settings },
  queue,
  onSave,
  onClose,
}: {
  readonly settings: LaneSettings;
  readonly queue: Queue;
  readonly onSave: (changes: Changes) => ChangeResult;
  readonly onClose: () => void;
}): ReactElement {
  const [draft, setDraft] = useState<Draft>({});
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isSaving, setSaving] = useState(false);
  const read = readDraft(draft, settings);
  const effects = read.changes === null ? [] : describeChanges(read.changes, settings, queue);
  const fault = read.fault ?? refusal;
  const save = async (changes: Changes): Promise<void> => {
    setSaving(true);
    const why = await onSave(changes);
    setSaving(false);
    setRefusal(why);
    if (why === null) {
      onClose();
    }
  };
  return (
    <form
      className="stack settings-form"
      aria-label={`Settings of ${lane}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (read.changes !== null && effects.length > 0) {
          void save(read.changes);
        }
      }}
    >
      <div className="settings-fields">
        {[...SETTINGS].map(([name, words]) => {
          const setting = settings[name];
          return (
            setting && (
              <SettingField
                key={name}
                name={name}
                label={words.unit === undefined ? words.label : `${words.label}, in ${words.unit}`}
                kind={words.kind}
                placeholder={words.example}
                fault={fault?.field === name ? fault.message : null}
                text={draft[name] ?? toFieldText(setting.value)}
                isChanged={read.changes !== null && name in read.changes}
                onChange={(text) => {
                  setRefusal(null);
                  setDraft((kept) => ({ ...kept, [name]: text }));
                }}
              />
            )
          );
        })}
      </div>
      <div className="effects" role="status">
        {read.fault !== null ? (
          <p className="bad">A field has no valid value yet.</p>
        ) : effects.length === 0 ? (
          <p className="muted">Nothing is changed yet.</p>
        ) : (
          <>
            <h3>What this will do</h3>
            <ul>
              {effects.map((effect) => (
                <li key={effect}>{effect}</li>
              ))}
              <li>It holds on all replicas, and after restarts. Calls in flight end as usual.</li>
            </ul>
          </>
        )}
      </div>
      {refusal?.field === null && (
        <p className="problem" role="alert">
          {refusal.message}
        </p>
      )}
      <div className="row">
        <button type="submit" className="button primary" disabled={effects.length === 0 || isSaving}>
          Save
        </button>
        <button type="button" className="button" onClick={onClose}>
          Discard
        </button>
      </div>
    </form>
  );
}

function readDraft(
  draft: Draft,
  settings: LaneSettings['settings'],
): { readonly changes: Changes | null; readonly fault: Refusal | null } {
  try {
    return { changes: toChanges(draft, settings), fault: null };
  } catch (error) {
    if (error instanceof FieldError) {
      return { changes: null, fault: error };
    }
    throw error;
  }
}
