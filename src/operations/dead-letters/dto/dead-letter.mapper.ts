import { toBatchId } from '../../../domain/batch-id.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import type { DeadLetter } from '../dead-letter.repository.js';
import type { DeadLetterPage, DeadLetterView } from './dead-letter-response.dto.js';

/** Maps a page of dead letters to its response. A full page may be followed by another. */
export function toDeadLetterPage(letters: readonly DeadLetter[], limit: number): DeadLetterPage {
  const last = letters.at(-1);
  return {
    dead_letters: letters.map(toView),
    next: last !== undefined && letters.length === limit ? String(last.deadLetterNo) : null,
  };
}

function toView(letter: DeadLetter): DeadLetterView {
  return {
    ingestion_id: letter.ingestionId,
    batch_id: toBatchId(letter.ingestionId, letter.batchNo),
    id: idsToJson(letter.packedId)[0],
    position: letter.position,
    priority: letter.priority,
    died_at: new Date(letter.failedAtMs).toISOString(),
    error: { kind: letter.kind, message: letter.message },
    attempts: letter.attempts.map(({ attemptedAtMs, kind, message }) => ({
      at: new Date(attemptedAtMs).toISOString(),
      kind,
      message,
    })),
  };
}
