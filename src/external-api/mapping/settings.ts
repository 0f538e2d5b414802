import { findNearest } from '../../platform/config/nearest-name.js';
import { MappingError } from './mapping-error.js';

/** Settings by name, as YAML or JSON holds them. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * Returns the settings at `path`.
 * @throws MappingError if `value` is none, or holds a setting that is not in `known`.
 */
export function toSettings(
  value: unknown,
  path: readonly string[],
  known: readonly string[] | null,
): Settings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MappingError(path, 'must hold settings by their names');
  }
  const settings = value as Settings;
  const unknown = known === null ? undefined : Object.keys(settings).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = findNearest(unknown, known ?? []);
    const hint =
      nearest === undefined ? `; there are ${known?.join(', ') ?? ''}` : `; did you mean ${nearest}?`;
    throw new MappingError([...path, unknown], `is not known${hint}`);
  }
  return settings;
}

/**
 * Returns the text of a setting; undefined if it is not set.
 * @throws MappingError if it is no text.
 */
export function toOptionalText(
  settings: Settings,
  name: string,
  path: readonly string[],
): string | undefined {
  const value = settings[name];
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string' || value.trim() === '') {
    throw new MappingError([...path, name], 'must be a text');
  }
  return value;
}
