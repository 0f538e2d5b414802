import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { MAX_ID } from '../../domain/packed-ids.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import type { IngestionOptions } from '../ingestion.options.js';
import { IngestRequest } from './ingest-request.dto.js';
import { IngestRequestPipe } from './ingest-request.pipe.js';

const pipe = new IngestRequestPipe({ maxIdsPerRequest: 10 } as IngestionOptions, new SystemRuntime());

const id = fc.oneof(
  fc.integer({ min: -1, max: 5 }).map(String),
  fc.bigInt({ min: MAX_ID - 3n, max: MAX_ID + 3n }).map(String),
  fc.constantFrom('1.0', '1.5', '1e2', '"1"', 'null', 'true', '[1]', '9007199254740993'),
);
const ids = fc.oneof(
  { weight: 5, arbitrary: fc.array(id, { maxLength: 3 }).map((texts) => `[${texts.join()}]`) },
  fc.constantFrom('1', '{}', 'null', '"[1]"'),
);
const priority = fc.constantFrom('"HIGH"', '"MEDIUM"', '"LOW"', '"high"', '""', '1', 'null', '["HIGH"]');
const more = fc.constantFrom(
  '',
  '',
  ',"lane":"default"',
  ',"lane":1',
  ',"x":1',
  ',"__proto__":{}',
  ',"ids":[1]',
);

/** Parses a body; returns null if it is refused. */
function parse(text: string): IngestRequest | null {
  try {
    const request = pipe.transform(text);
    return request instanceof IngestRequest ? request : null;
  } catch {
    return null;
  }
}

describe('A body of POST /ingest', () => {
  it('passes only where class-validator finds nothing, with its exact ids', () => {
    let passed = 0;
    fc.assert(
      fc.property(ids, priority, more, (idsText, priorityText, moreText) => {
        const request = parse(`{"ids":${idsText},"priority":${priorityText}${moreText}}`);
        if (request !== null) {
          passed += 1;
          expect(validateSync(request, { forbidUnknownValues: false })).toEqual([]);
          expect(`[${request.ids.join()}]`).toBe(idsText);
          expect(moreText).toMatch(/^(?:|,"lane":"default")$/);
        }
      }),
      { numRuns: 5000 },
    );
    expect(passed).toBeGreaterThan(100);
  });
});
