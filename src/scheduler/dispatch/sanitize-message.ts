/** What an upstream says is kept with the attempt, but not at any length. */
const LONGEST_MESSAGE = 500;

/** A message of someone else's in a form that every store can keep: PostgreSQL, for one, takes no NUL in a text. */
export function keptMessage(message: string): string {
  return message.slice(0, LONGEST_MESSAGE).toWellFormed().replaceAll('\0', '\ufffd');
}
