import { useEffect, useId, useState, type ReactElement } from 'react';
import './filter-field.css';

/** Shows a select field whose first option is "all". */
export function FilterSelect<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value | undefined) => void;
}): ReactElement {
  return (
    <label className="field inline">
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={({ target }) => {
          onChange(options.find(([each]) => each === target.value)?.[0]);
        }}
      >
        <option value="">all</option>
        {options.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Shows a text field; its text is used when Enter is pressed or the field is left. */
export function FilterText({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactElement {
  const id = useId();
  const [text, setText] = useState(value ?? '');
  useEffect(() => {
    setText(value ?? '');
  }, [value]);
  const apply = (): void => {
    if (text.trim() !== (value ?? '')) {
      onChange(text.trim() === '' ? undefined : text.trim());
    }
  };
  return (
    <div className="field inline">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => {
          setText(target.value);
        }}
        onBlur={apply}
        onKeyDown={({ key }) => {
          if (key === 'Enter') {
            apply();
          }
        }}
      />
    </div>
  );
}
