import type { ApiPropertyOptions } from '@nestjs/swagger';
import { MAX_LABEL_VALUE_LENGTH } from '../../domain/labels.js';

/** The labels of a list as documented in `/openapi.json`. */
export const LABELS_SCHEMA = {
  type: 'object',
  additionalProperties: { type: 'string', minLength: 1, maxLength: MAX_LABEL_VALUE_LENGTH },
  example: { shop: 'berlin', job: 'reprice' },
} as const satisfies ApiPropertyOptions;
