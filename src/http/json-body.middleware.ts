import { Injectable, type NestMiddleware } from '@nestjs/common';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { Config } from '../config/config.js';
import { HttpProblem } from './problem.js';

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/**
 * Reads the body of a JSON request as text, within the limit, and leaves parsing to the endpoint: only there is known
 * which numbers must stay exact. Other media types are refused before the body is read.
 */
@Injectable()
export class JsonBodyMiddleware implements NestMiddleware {
  private readonly readRaw: RequestHandler;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor({ bodyLimit }: Config) {
    this.readRaw = express.raw({ limit: bodyLimit, type: () => true });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    refuseOtherMediaTypes(request);
    this.readRaw(request, response, (error?: unknown) => {
      if (error !== undefined) {
        next(error);
        return;
      }
      try {
        request.body = this.decode(request.body);
      } catch {
        next(new HttpProblem(400, 'the body is not JSON: it is not UTF-8'));
        return;
      }
      next();
    });
  }

  private decode(body: unknown): string {
    return body instanceof Uint8Array ? this.decoder.decode(body) : '';
  }
}

function refuseOtherMediaTypes(request: Request): void {
  const contentType = request.headers['content-type'] ?? '';
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase();
  if (mediaType !== 'application/json' || (charset !== undefined && charset !== 'utf-8')) {
    throw new HttpProblem(415, 'Content-Type must be application/json, in UTF-8');
  }
}
