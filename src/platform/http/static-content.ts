import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';

/** The encodings of compressed copies, the smallest first. */
const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A content that does not change while the process runs. */
export interface StaticContent {
  /** The media type, or a file ending that stands for it. */
  readonly type: string;
  readonly cacheControl: string;
  readonly plain: Buffer;
  /** Returns the compressed copy; undefined if there is none. */
  readonly encodedBy: (encoding: Encoding) => Buffer | Promise<Buffer> | undefined;
}

/** Serves a content in the smallest form that the client accepts; 304 if the client has it already. */
export function serveStaticContent({ type, cacheControl, plain, encodedBy }: StaticContent): RequestHandler {
  const etag = `"${hash('sha256', plain, 'base64url').slice(0, 22)}"`;
  return async (request, response) => {
    response.set({ 'Cache-Control': cacheControl, ETag: etag, Vary: 'Accept-Encoding' }).type(type);
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    for (const encoding of ENCODINGS) {
      const content = request.acceptsEncodings(encoding) === encoding ? encodedBy(encoding) : undefined;
      if (content !== undefined) {
        response.set('Content-Encoding', encoding).send(await content);
        return;
      }
    }
    response.send(plain);
  };
}
