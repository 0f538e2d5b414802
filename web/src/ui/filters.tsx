import { useEffect, useState, type InputHTMLAttributes, type ReactElement } from 'react';
import './filters.css';

/** Chooses one value of a filter; the empty value selects all. */
export function Select<Value extends string>({
  label,
  value,
  options,
  allName = 'all',
  onChange,
}: {
  readonly label: string;
  readonly value: NoInfer<Value> | '';
  readonly options: readonly (readonly [Value, string])[];
  readonly allName?: string;
  readonly onChange: (value: Value | '') => void;
}): ReactElement {
  return (
    <label className="field inline" data-active={value === '' ? undefined : ''}>
      <span>{label}</span>
      <select
        value={value}
        onChange={({ target }) => {
          onChange(options.find(([option]) => option === target.value)?.[0] ?? '');
        }}
      >
        <option value="">{allName}</option>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Text of a filter; it is applied by Enter or when the field is left. */
export function TextFilter({
  label,
  value,
  isLong = false,
  onChange,
  ...rest
}: {
  readonly label: string;
  readonly value: string;
  /** True for a text as long as the id of an ingestion. */
  readonly isLong?: boolean;
  readonly onChange: (value: string) => void;
} & Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'placeholder' | 'pattern' | 'title' | 'inputMode'
>): ReactElement {
  const [text, setText] = useState(value);
  useEffect(() => {
    setText(value);
  }, [value]);
  const apply = (input: HTMLInputElement): void => {
    if (text.trim() !== value && input.reportValidity()) {
      onChange(text.trim());
      setText(value); // the parameter in the URL sets the new value
    }
  };
  return (
    <label className="field inline" data-active={value === '' ? undefined : ''}>
      <span>{label}</span>
      <input
        {...rest}
        className={isLong ? 'long' : 'short'}
        type="search"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
        onBlur={({ target }) => {
          apply(target);
        }}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') {
            apply(currentTarget);
          }
        }}
      />
    </label>
  );
}

/** Text of a filter by a label, `name=value`. */
export function LabelFilter({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (label: string) => void;
}): ReactElement {
  return (
    <TextFilter
      label="Label"
      value={value}
      placeholder="name=value"
      pattern="[A-Za-z][A-Za-z0-9_.\-]*=.+"
      title="name=value, for example team=growth"
      onChange={onChange}
    />
  );
}

/** Chooses a time in the time zone of the browser; an empty text selects all times. */
export function TimeFilter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (iso: string) => void;
}): ReactElement {
  return (
    <label className="field inline">
      <span>{label}</span>
      <input
        type="datetime-local"
        value={value === undefined ? '' : toLocal(value)}
        onChange={({ target }) => {
          onChange(target.value === '' ? '' : new Date(target.value).toISOString());
        }}
      />
    </label>
  );
}

/** Converts a time to the local form that the input of a date wants: `2026-11-24T10:00`. */
function toLocal(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
