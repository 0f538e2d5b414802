import { jsonNamePattern } from '../json-name.js';
import { ID_RULE, type Id } from '../../domain/packed-ids.js';
import { parseId } from './parse-id.js';
import type { LineFormat } from './line-id-parser.js';

/** text/plain: one id per line. */
export const TEXT_FORMAT: LineFormat = { rule: ID_RULE, parseId };

const ID_OBJECT = new RegExp(String.raw`^\{[ \t]*${jsonNamePattern('id')}[ \t]*:[ \t]*([^ \t}]+)[ \t]*\}$`);

/** application/x-ndjson: one id per line, or one object per line with the id in its field `id`. */
export const NDJSON_FORMAT: LineFormat = {
  rule: `${ID_RULE}, or {"id": such an integer}`,
  parseId(line: string): Id | undefined {
    return parseId(ID_OBJECT.exec(line)?.[1] ?? line);
  },
};
