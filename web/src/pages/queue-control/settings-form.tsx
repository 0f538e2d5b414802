import { useId, useState, type ReactElement } from 'react';
import type { LaneSettings, Queue } from '../../api/types.js';
import { describeChanges, toChanges, toFieldText, type Changes, type Draft } from './setting-changes.js';
import { SETTINGS, type SettingWords } from './setting-words.js';
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
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const read = readDraft(draft, settings);
  const effects = read.changes === null ? [] : describeChanges(read.changes, settings, queue);
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
              <Field
                key={name}
                name={name}
                words={words}
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
          <p className="bad">{read.fault}</p>
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
      {refusal !== null && (
        <p className="problem" role="alert">
          {refusal}
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

function Field({
  name,
  words,
  text,
  isChanged,
  onChange,
}: {
  readonly name: string;
  readonly words: SettingWords;
  readonly text: string;
  readonly isChanged: boolean;
  readonly onChange: (text: string) => void;
}): ReactElement {
  const id = useId();
  return (
    <div className="field" data-changed={isChanged ? '' : undefined} data-kind={words.kind}>
      <label htmlFor={id}>
        {words.label}
        {words.unit !== undefined && `, in ${words.unit}`} <code>{name}</code>
      </label>
      <input
        id={id}
        type="text"
        inputMode={words.kind === 'number' ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder={words.kind === 'json' ? '[{"calls": 190, "per": 10}]' : undefined}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </div>
  );
}

function readDraft(
  draft: Draft,
  settings: LaneSettings['settings'],
): { readonly changes: Changes | null; readonly fault: string | null } {
  try {
    return { changes: toChanges(draft, settings), fault: null };
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { changes: null, fault: error.message };
    }
    throw error;
  }
}
