import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from '@nestjs/common';
import { SluiceError } from '../sluice-error.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The part of Express that is used here. */
interface ExpressLike {
  /** The layers of middleware, in their order. */
  readonly router: { readonly stack: object[] };
}

/** The part of Fastify that is used here. */
interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (
      request: { readonly raw: IncomingMessage },
      reply: { readonly raw: ServerResponse; hijack: () => unknown },
      done: () => void,
    ) => void,
  ): unknown;
}

const PATH = /^(\/[\w.~-]+)+$/;

/**
 * Passes the requests under `path` to `handler`, with the path taken off their URL. The application has not read their
 * bodies by then.
 * @throws SluiceError if the path cannot be used, or for another HTTP server than Express or Fastify.
 */
export function mountHandler(adapter: HttpServer, path: string, handler: RequestHandler): void {
  if (!PATH.test(path)) {
    throw new SluiceError('misconfigured', `http.path must be a path such as /sluice, not "${path}"`);
  }
  const type = adapter.getType();
  if (type === 'fastify') {
    mountOnFastify(adapter.getInstance() as FastifyLike, path, handler);
  } else if (type === 'express') {
    mountOnExpress(adapter, path, handler);
  } else {
    throw new SluiceError(
      'misconfigured',
      `the HTTP server ${type} is not supported: Express and Fastify are`,
    );
  }
}

/** Puts the handler before all other middleware: a body that was parsed before cannot be read again. */
function mountOnExpress(adapter: HttpServer, path: string, handler: RequestHandler): void {
  adapter.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!serve(request, response, path, handler)) {
      next();
    }
  });
  const { stack } = (adapter.getInstance() as ExpressLike).router;
  stack.unshift(...stack.splice(-1));
}

function mountOnFastify(fastify: FastifyLike, path: string, handler: RequestHandler): void {
  fastify.addHook('onRequest', ({ raw: request }, reply, done) => {
    if (!isUnder(request.url ?? '', path)) {
      done();
      return;
    }
    reply.hijack();
    serve(request, reply.raw, path, handler);
  });
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  handler: RequestHandler,
): boolean {
  const { url = '' } = request;
  if (!isUnder(url, path)) {
    return false;
  }
  const rest = url.slice(path.length);
  if (rest === '' || rest.startsWith('?')) {
    // The links of the pages are relative to the folder.
    response.writeHead(308, { Location: `${path}/${rest}` }).end();
    return true;
  }
  request.url = rest;
  handler(request, response);
  return true;
}

function isUnder(url: string, path: string): boolean {
  return url.startsWith(path) && ['/', '?', undefined].includes(url[path.length]);
}
