import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Question, type Reply } from './http-client.ts';
import type { Ledger, Submission } from './ledger.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';

/** The events of clients at which a strike may aim. */
export type Moments = EventEmitter<{ sent: []; acknowledged: [] }>;

const RESUBMITS = 0.1;
const GIVES_UP = 0.3;
const PAUSES = 0.5;
const MAX_PAUSE_MS = 12;
const AFTER_REFUSAL_MS = 10;

/** Submits lists, one after the other, until told to stop. Usually submits again what lost its connection. */
export class Client {
  private readonly target: Target;
  private readonly ledger: Ledger;
  private readonly moments: Moments;
  private readonly random: Random;
  private readonly unanswered: Submission[] = [];
  private isOver = false;

  constructor(target: Target, ledger: Ledger, moments: Moments, random: Random) {
    this.target = target;
    this.ledger = ledger;
    this.moments = moments;
    this.random = random;
  }

  /** Resolves after {@link finish}, once each list that it did not abandon has a response. */
  async run(): Promise<void> {
    while (!this.isOver || this.unanswered.length > 0) {
      const url = await this.target.reachable();
      await this.submit(this.unanswered.pop() ?? this.choose(), url);
      if (this.random.chance(PAUSES)) {
        await sleep(this.random.next() * MAX_PAUSE_MS);
      }
    }
  }

  finish(): void {
    this.isOver = true;
  }

  private choose(): Submission {
    const { acknowledged } = this.ledger;
    const earlier = acknowledged[this.random.integer(0, acknowledged.length)];
    return earlier !== undefined && this.random.chance(RESUBMITS) ? earlier : this.ledger.draw();
  }

  private async submit(submission: Submission, url: string): Promise<void> {
    let reply: Reply;
    try {
      reply = await ask({ ...toRequest(submission, url), sent: () => this.moments.emit('sent') });
    } catch {
      this.ledger.lostConnections += 1;
      if (!this.random.chance(GIVES_UP)) {
        this.unanswered.push(submission);
      }
      await sleep(1);
      return;
    }
    if (reply.status === 200) {
      const { ingestion_id: ingestionId } = JSON.parse(reply.text) as { ingestion_id: string };
      this.ledger.acknowledge(submission, ingestionId, reply.headers['idempotency-replayed'] === 'true');
      this.moments.emit('acknowledged');
    } else {
      if (reply.status !== 503) {
        this.ledger.oddAnswers.push(`${String(reply.status)} ${reply.text}`);
      }
      this.unanswered.push(submission);
      await sleep(AFTER_REFUSAL_MS);
    }
  }
}

/** Returns the request that submits a list, as its client. */
export function toRequest({ ids, priority, key, lane, apiKey }: Submission, url: string): Question {
  return {
    method: 'POST',
    url: `${url}/ingest`,
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
    },
    body: `{"ids":[${ids.join(',')}],"priority":"${priority}","lane":"${lane}"}`,
  };
}
