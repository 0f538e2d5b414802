/** What an upstream says is kept with the attempt, but not at any length. */
const MAX_MESSAGE_LENGTH = 500;

/** A message of someone else's in a form that every store can keep: PostgreSQL, for one, takes no NUL in a text. */
export function sanitizeErrorMessage(message: string): string {
  return message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed().replaceAll('\0', '\ufffd');
}
