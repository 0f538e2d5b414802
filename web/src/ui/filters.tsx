import { useEffect, useState, type InputHTMLAttributes, type ReactElement } from 'react';
import './filters.css';

/** Chooses one value of a filter; the empty value selects all. */
export function Select({
  label,
  value,
  options,
  allName = 'all',
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly allName?: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  return (
    <label className="field inline" data-active={value === '' ? undefined : ''}>
      <span>{label}</span>
      <select
        value={value}
        onChange={({ target }) => {
          onChange(target.value);
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
  onChange,
  ...rest
}: {
  readonly label: string;
  readonly value: string;
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
        className="short"
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
