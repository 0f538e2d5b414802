/** The entry of a {@link ResponseParserThread}, see `parse-response.ts`. */
import { parentPort } from 'node:worker_threads';
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import type { AnswerMapper } from '../mapping/answer-mapper.js';
import type { AnswerSettings } from '../mapping/answer-settings.js';
import type { ParseRequest, ParseReply } from './response-parser-thread.js';
import { parseMappedResponse } from './parse-mapped-response.ts';
import { parseResponse } from './parse-response.ts';

/** The mappers of all lanes, by their settings. */
const mappers = new Map<string, AnswerMapper>();

parentPort?.on('message', ({ requestNo, ...request }: ParseRequest) => {
  void parse(request).then((reply) => {
    parentPort?.postMessage({ requestNo, ...reply } satisfies ParseReply);
  });
});

async function parse({
  body,
  id,
  echoes,
  mapped,
}: Omit<ParseRequest, 'requestNo'>): Promise<Omit<ParseReply, 'requestNo'>> {
  try {
    return mapped === null
      ? { response: { kind: 'results', results: parseResponse(body, id, echoes) } }
      : {
          response: parseMappedResponse(
            body,
            await mapperOf(mapped.settings),
            { head: mapped.head, id },
            echoes,
          ),
        };
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      return { error: error.message };
    }
    throw error; // ends the thread, as an error outside a promise does
  }
}

/** Returns the mapper with these settings. Its code is loaded with the first one. */
async function mapperOf(settings: AnswerSettings): Promise<AnswerMapper> {
  const key = JSON.stringify(settings);
  let mapper = mappers.get(key);
  if (mapper === undefined) {
    const { AnswerMapper: Mapper } = await import('../mapping/answer-mapper.ts');
    mapper = new Mapper(settings);
    mappers.set(key, mapper);
  }
  return mapper;
}
