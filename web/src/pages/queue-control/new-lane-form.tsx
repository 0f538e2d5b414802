import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, ApiError, unwrap } from '../../api/client.js';
import { showToast } from '../../ui/toasts.js';
import { FieldError } from './field-error.js';
import { toRefusal, type Refusal } from './refusal.js';
import { toValue, type Changes } from './setting-changes.js';
import { SettingField } from './setting-field.js';
import './lane-settings.css';

const NAME = 'lane';
const NAME_FORM = /^[a-z0-9][a-z0-9_-]{0,62}$/;

const FIELDS = [
  {
    name: NAME,
    label: 'Name',
    kind: 'text',
    hint: 'Lists name it as their lane: a-z, 0-9, _ and -, at most 63.',
    placeholder: 'crm',
  },
  {
    name: 'url',
    label: 'URL of the upstream',
    kind: 'text',
    hint: 'Empty: the upstream of the environment, or the simulated API.',
    placeholder: 'https://crm.example.com/contacts/{id}',
  },
  {
    name: 'token_file',
    label: 'File of its token',
    kind: 'text',
    hint: 'In the directory LANE_TOKEN_DIR. Empty: no token.',
    placeholder: 'crm',
  },
  {
    name: 'batch_size',
    label: 'Ids per dispatch',
    kind: 'number',
    hint: 'Empty: as in the environment.',
    placeholder: '3',
  },
  {
    name: 'batch_delay',
    label: 'Time between dispatches, in s',
    kind: 'number',
    hint: 'Empty: as in the environment.',
    placeholder: '5',
  },
] as const;

type FieldName = (typeof FIELDS)[number]['name'];

const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS.map(({ name }) => name));

/** Makes a lane that does not exist yet; the reason of a refusal is shown at its field. */
export function NewLaneForm({ onClose }: { readonly onClose: () => void }): ReactElement {
  const queries = useQueryClient();
  const [texts, setTexts] = useState<Readonly<Partial<Record<FieldName, string>>>>({});
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isSaving, setSaving] = useState(false);
  const make = async (): Promise<void> => {
    setSaving(true);
    try {
      const { lane, settings } = readTexts(texts);
      const params = { path: { lane }, header: { 'If-None-Match': '*' } };
      await unwrap(api.PUT('/lanes/{lane}', { params, body: settings }));
      showToast(`The lane ${lane} is made`);
      void queries.invalidateQueries({ queryKey: ['lanes'] });
      void queries.invalidateQueries({ queryKey: ['queues'] });
      onClose();
    } catch (error) {
      setRefusal(toLaneRefusal(error));
      setSaving(false);
    }
  };
  return (
    <form
      className="panel stack settings-form"
      aria-labelledby="new-lane"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div>
        <h2 id="new-lane">New lane</h2>
        <p className="muted">
          It is made on all replicas and survives restarts. Everything else is as in the environment, and can
          be changed afterwards.
        </p>
      </div>
      <div className="settings-fields">
        {FIELDS.map((field) => (
          <SettingField
            key={field.name}
            {...field}
            text={texts[field.name] ?? ''}
            fault={refusal?.field === field.name ? refusal.message : null}
            onChange={(text) => {
              setRefusal(null);
              setTexts((kept) => ({ ...kept, [field.name]: text }));
            }}
          />
        ))}
      </div>
      {refusal?.field === null && (
        <p className="problem" role="alert">
          {refusal.message}
        </p>
      )}
      <div className="row">
        <button type="submit" className="button primary" disabled={isSaving}>
          Make the lane
        </button>
        <button type="button" className="button" onClick={onClose}>
          Discard
        </button>
      </div>
    </form>
  );
}

/** @throws FieldError if a text has the wrong form */
function readTexts(texts: Readonly<Partial<Record<FieldName, string>>>): {
  readonly lane: string;
  readonly settings: Changes;
} {
  const lane = texts.lane?.trim() ?? '';
  if (!NAME_FORM.test(lane)) {
    throw new FieldError(
      NAME,
      'A name has only a-z, 0-9, _ and -, at most 63, and begins with a letter or digit',
    );
  }
  const given = Object.entries(texts).filter(([name, text]) => name !== NAME && text.trim() !== '');
  return {
    lane,
    settings: Object.fromEntries(given.map(([name, text]) => [name, toValue(name, text.trim())])),
  };
}

/** Returns the reason of a refusal; that there is such a lane already is a fault of the name. */
function toLaneRefusal(error: unknown): Refusal {
  if (error instanceof FieldError) {
    return error;
  }
  return error instanceof ApiError && (error.status === 412 || error.status === 409)
    ? { field: NAME, message: error.message }
    : toRefusal(error, FIELD_NAMES);
}
