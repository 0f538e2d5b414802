import { jsonNamePattern } from '../json-name.js';
import { ID_RULE, type Id } from '../../domain/packed-ids.js';
import { readId } from './parse-id.js';
import type { LineForm } from './line-id-parser.js';

/** text/plain: an id a line. */
export const PLAIN: LineForm = { rule: ID_RULE, readId };

const ID_OBJECT = new RegExp(String.raw`^\{[ \t]*${jsonNamePattern('id')}[ \t]*:[ \t]*([^ \t}]+)[ \t]*\}$`);

/** application/x-ndjson: an id, or an object that holds one as its field `id`, a line. */
export const NDJSON: LineForm = {
  rule: `${ID_RULE}, or {"id": such an integer}`,
  readId(line: string): Id | undefined {
    return readId(ID_OBJECT.exec(line)?.[1] ?? line);
  },
};
