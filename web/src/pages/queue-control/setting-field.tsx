import { useId, type InputHTMLAttributes, type ReactElement } from 'react';

/** Shows the field of a setting, with the reason why its value is refused. */
export function SettingField({
  label,
  name,
  kind,
  text,
  hint,
  fault,
  isChanged = false,
  onChange,
  ...rest
}: {
  readonly label: string;
  /** Name of the setting in the lanes file. */
  readonly name: string;
  readonly kind: 'number' | 'text' | 'json';
  readonly text: string;
  readonly hint?: string;
  readonly fault: string | null;
  readonly isChanged?: boolean;
  readonly onChange: (text: string) => void;
} & Pick<InputHTMLAttributes<HTMLInputElement>, 'placeholder' | 'required' | 'autoFocus'>): ReactElement {
  const id = useId();
  const told = [...(hint === undefined ? [] : [`${id}-hint`]), ...(fault === null ? [] : [`${id}-fault`])];
  return (
    <div
      className="field"
      data-changed={isChanged ? '' : undefined}
      data-faulty={fault === null ? undefined : ''}
      data-kind={kind}
    >
      <label htmlFor={id}>
        {label} <code>{name}</code>
      </label>
      <input
        {...rest}
        id={id}
        type="text"
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-invalid={fault === null ? undefined : true}
        aria-describedby={told.length === 0 ? undefined : told.join(' ')}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      <div className="field-notes">
        {hint !== undefined && (
          <p id={`${id}-hint`} className="field-hint">
            {hint}
          </p>
        )}
        {fault !== null && (
          <p id={`${id}-fault`} className="field-fault" role="alert">
            {fault}
          </p>
        )}
      </div>
    </div>
  );
}
