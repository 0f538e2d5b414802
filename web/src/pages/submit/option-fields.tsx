import type { ReactElement } from 'react';
import type { SubmitOptions } from './submit-options.js';

/** Shows the optional fields of a submission. */
export function OptionFields({
  options,
  onChange,
}: {
  readonly options: SubmitOptions;
  readonly onChange: (options: SubmitOptions) => void;
}): ReactElement {
  const field = (
    name: keyof SubmitOptions,
    label: string,
    type: string,
    placeholder?: string,
  ): ReactElement => (
    <label className="field">
      <span>{label}</span>
      <input
        type={type}
        value={options[name]}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => {
          onChange({ ...options, [name]: target.value });
        }}
      />
    </label>
  );
  return (
    <details>
      <summary>More options</summary>
      <div className="options">
        {field('labels', 'Labels', 'text', 'team=growth, run=42')}
        {field('callbackUrl', 'Callback URL, told when the list ends', 'url', 'https://example.com/hook')}
        {field('notBefore', 'Not before', 'datetime-local')}
        {field('expiresAt', 'Expires at', 'datetime-local')}
        {field('key', 'Idempotency-Key', 'text', 'made for you')}
      </div>
    </details>
  );
}
