import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Application } from 'express';

/** The prototypes of requests and responses of an Express application; its types do not include them. */
interface Prototypes {
  request: object;
  response: object;
}

/**
 * The Express adapter of Nest with a faster server: requests and responses are created with the prototypes of
 * Express. Express otherwise changes the prototype of each object after its creation, which costs more than
 * all routing (measured on a trivial route: 28 instead of 23 µs of CPU time per request).
 */
export class FastExpressAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    const app = this.getInstance<Application & Prototypes>();
    class ExpressRequest extends IncomingMessage {}
    class ExpressResponse extends ServerResponse<ExpressRequest> {}
    Object.setPrototypeOf(ExpressRequest.prototype, app.request);
    Object.setPrototypeOf(ExpressResponse.prototype, app.response);
    app.request = ExpressRequest.prototype;
    app.response = ExpressResponse.prototype;
    this.httpServer = createServer({ IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse }, app);
  }
}
