import { isPriority, PRIORITIES, type Priority } from '../../domain/priority.js';

/** Returns the reason why a text is no list of priorities, which completes "NAME …"; null if it is one. */
export function whyNoPriorities(text: string): string | null {
  const unknown = toWords(text).find((word) => !isPriority(word));
  return unknown === undefined
    ? null
    : `must be a list of ${PRIORITIES.join(', ')}, not ${JSON.stringify(text)}`;
}

/** Reads a list of priorities: `HIGH,MEDIUM`, or `["HIGH","MEDIUM"]` as the lanes file writes it. */
export function readPriorities(text: string): readonly Priority[] {
  return toWords(text).filter(isPriority);
}

function toWords(text: string): string[] {
  const list = /^\[.*\]$/.test(text) ? text.slice(1, -1).replaceAll('"', '') : text;
  return list
    .split(',')
    .map((word) => word.trim().toUpperCase())
    .filter((word) => word !== '');
}
