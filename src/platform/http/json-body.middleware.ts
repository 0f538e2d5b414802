import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { toBytes } from '../config/units.js';
import { BodyReader } from './body-reader.js';
import { HttpServerOptions } from './http-server.options.js';
import { JsonShape } from './json-shape.js';
import { parseMediaType, UTF8, type MediaType } from './media-type.js';
import { EventLoopQueue } from './event-loop-queue.js';
import { ProblemDetailsError, unsupportedMediaTypeError } from './problem-details.js';
import { Runtime } from '../../domain/runtime.js';

/** Larger bodies are queued, one per turn of the event loop. A smaller one takes well under a millisecond. */
const QUEUED_BODY_MIN_BYTES = 32_768;

/**
 * Reads the body of a JSON request as text, up to the limit, and leaves parsing to the endpoint, which knows
 * which numbers must stay exact. Other media types are rejected before the body is read. A body that is too large, too
 * deep or has too many parts is rejected as soon as that is known; body-parser would read all of it first.
 */
@Injectable()
export class JsonBodyMiddleware implements NestMiddleware {
  private readonly reader: BodyReader;
  private readonly longBodyQueue: EventLoopQueue;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor({ bodyLimit }: HttpServerOptions, runtime: Runtime) {
    this.longBodyQueue = new EventLoopQueue(runtime);
    this.reader = new BodyReader(toBytes(bodyLimit), bodyLimit);
  }

  use(request: Request, _response: Response, next: NextFunction): void {
    rejectOtherMediaTypes(request);
    const shape = new JsonShape();
    const check = (chunk: Uint8Array): void => {
      shape.check(chunk);
    };
    this.reader.read(request, check, (error, body) => {
      if (error !== null) {
        next(error);
        return;
      }
      if (body.length > QUEUED_BODY_MIN_BYTES) {
        this.longBodyQueue.add(() => {
          this.parseAndContinue(body, request, next);
        });
      } else {
        this.parseAndContinue(body, request, next);
      }
    });
  }

  private parseAndContinue(body: Buffer, request: Request, next: NextFunction): void {
    try {
      request.body = this.decoder.decode(body);
    } catch {
      next(new ProblemDetailsError(400, 'the body is not JSON: it is not UTF-8'));
      return;
    }
    next();
  }
}

/**
 * Rejects other media types than JSON. A body without a type counts as JSON; `rejectCrossSiteChanges` has already
 * rejected those that a page of another origin sends.
 */
function rejectOtherMediaTypes({ headers }: Request): void {
  const type = parseMediaType(headers['content-type']);
  if (type !== null && !isJson(type)) {
    throw unsupportedMediaTypeError();
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new ProblemDetailsError(415, 'Content-Encoding is not supported', [], {
      'Accept-Encoding': 'identity',
    });
  }
}

function isJson({ name, charset }: MediaType): boolean {
  return name === 'application/json' && (charset === null || UTF8.has(charset));
}
