/** Maximum length of an upstream's message that is stored with an attempt, in characters. */
const MAX_MESSAGE_LENGTH = 500;

/** Converts a message to a form that every store accepts: PostgreSQL, for example, accepts no NUL in a text. */
export function sanitizeErrorMessage(message: string): string {
  return message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed().replaceAll('\0', '\ufffd');
}
