import type {
  DeadLetter,
  DeadLetterCursor,
  DeadLetterFilter,
  DeadLetterRepository,
} from '../../src/operations/dead-letters/dead-letter.repository.js';

/** Reads at most `limit` dead letters that one step of a search finds, the newest first. */
export async function listDeadLetters(
  { deadLetters }: { readonly deadLetters: DeadLetterRepository },
  filter: DeadLetterFilter = {},
  before: DeadLetterCursor | null = null,
  limit = 1000,
): Promise<DeadLetter[]> {
  const { found } = await deadLetters.scan(filter, before, limit);
  return deadLetters.read(found.map(({ deadLetterNo }) => deadLetterNo));
}
