import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../clock.ts';
import { parseExact } from '../exact-json.ts';
import type { Random } from '../random.ts';
import { CURSED_EVERY } from '../settings.ts';
import type { RecordedCall, Trap } from './protocol.ts';

const WHOLE_FAILURE = 0.05;
const ID_FAILURE = 0.05;
const SLOW = 0.1;
const SLOW_FACTOR = 5;
/** The number of the process, and the lane if it is not the default one. */
const PATH = /^\/process\/(\d+)(?:\/lane\/(\w+))?$/;

/** An upstream that answers with a delay, fails at random, and records every call. */
export class Upstream {
  readonly calls: RecordedCall[] = [];
  longestDelayMs = 0;
  private readonly random: Random;
  private readonly passed: (point: Trap['at']) => void;

  constructor(random: Random, passed: (point: Trap['at']) => void) {
    this.random = random;
    this.passed = passed;
  }

  listen(listening: (port: number) => void): Server {
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
      void this.serve(request, response);
    });
    server.on('connection', () => {
      this.passed('connection');
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      listening(typeof address === 'object' && address !== null ? address.port : 0);
    });
    return server;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = nowMs();
    const [, processNo = '', lane = 'default'] = PATH.exec(request.url ?? '') ?? [];
    const dispatchId = String(request.headers['idempotency-key']);
    let text = '';
    try {
      for await (const chunk of request.setEncoding('utf8')) {
        text += String(chunk);
      }
    } catch {
      return; // The service was killed before the call was complete: it does not count as started.
    }
    const { ids } = parseExact(text) as { ids: bigint[] };
    const failsWhole = this.random.chance(WHOLE_FAILURE);
    const succeeded = ids.map(
      (id) => !failsWhole && id % CURSED_EVERY !== 0n && !this.random.chance(ID_FAILURE),
    );
    const call: RecordedCall = {
      processNo: Number(processNo),
      lane,
      dispatchId,
      ids,
      startedMs,
      succeeded,
      answeredMs: null,
      workedUntilMs: null,
    };
    this.calls.push(call);
    this.passed('call');
    await this.takeTime();
    call.workedUntilMs = nowMs();
    this.answer(call, failsWhole, response);
  }

  private async takeTime(): Promise<void> {
    const factor = this.random.chance(SLOW) ? SLOW_FACTOR : 1;
    const delayMs = this.random.next() * this.longestDelayMs * factor;
    if (delayMs >= 1) {
      await sleep(delayMs);
    }
  }

  private answer(call: RecordedCall, failsWhole: boolean, response: ServerResponse): void {
    if (response.destroyed) {
      return;
    }
    call.answeredMs = nowMs();
    response.once('close', () => {
      if (!response.writableFinished) {
        call.answeredMs = null;
      }
    });
    if (failsWhole) {
      response.writeHead(this.random.pick([500, 502, 503])).end('not now');
    } else {
      const results = call.ids.map((id, i) => describeResult(id, call.succeeded[i] === true));
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"results":[${results.join(',')}]}`);
    }
    this.passed('answer');
  }
}

function describeResult(id: bigint, succeeded: boolean): string {
  return `{"id":${String(id)},${succeeded ? '"data":"processed"' : '"error":"not now"'}}`;
}
