import type { IncomingMessage } from 'node:http';
import type { Runtime } from '../../domain/runtime.js';
import { UpstreamCallError } from '../external-api.js';
import { readDecodedBody } from './response-decoder.js';

/** Bounds for the body of an error, which is read for its message. */
const TIMEOUT_MS = 1000;
const MAX_BYTES = 65_536;

/**
 * Reads the body of a response that is an error by its status. Returns an empty one if it is long, slow or broken: the status
 * is already known.
 */
export async function readErrorBody(answer: IncomingMessage, runtime: Runtime): Promise<Buffer<ArrayBuffer>> {
  const timer = runtime.setTimeout(() => answer.destroy(), TIMEOUT_MS);
  try {
    return await readDecodedBody(answer, answer.headers['content-encoding'], MAX_BYTES);
  } catch (error) {
    if (error instanceof UpstreamCallError) {
      answer.destroy(); // what is left of it is not wanted
    }
    return Buffer.alloc(0);
  } finally {
    runtime.clearTimeout(timer);
  }
}
