import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Subscription } from 'rxjs';
import { throttleTime } from 'rxjs';
import { FailureLog } from '../platform/logging/failure-log.js';
import { Runtime } from '../domain/runtime.js';
import type { AttemptOutcome, ClaimedDelivery } from '../domain/webhook-delivery.js';
import { WebhookOutbox } from './webhook-outbox.repository.js';
import { nextAttemptInMs } from './webhook-retry-policy.js';
import { DeliveryConcurrency } from './delivery-concurrency.js';
import { APPLICATION_URL, ApplicationReceiver } from './application-receiver.js';
import { WebhookClient } from './webhook-client.js';
import type { WebhookResponse } from './webhook-response.js';
import { WebhookSigner } from './webhook-message.js';
import { DispatchEvents } from '../scheduler/dispatch/dispatch-events.js';
import { WebhookOptions } from './webhook.options.js';

const POLL_INTERVAL_MS = 1000;
/** Every dispatch sends a notification; the outbox is read at most once per this interval. */
const MIN_WAKE_INTERVAL_MS = 200;
/** The time to record the outcome, in addition to the timeout of a request. */
const LEASE_MARGIN_MS = 15_000;
/** The receiver wants no further messages (Standard Webhooks, "Deliverability"). */
const HTTP_GONE = 410;

/** Sends the messages of the outbox, and repeats each until it is accepted or abandoned. */
@Injectable()
export class WebhookSender implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly claimFailures: FailureLog;
  private readonly unrecorded: FailureLog;
  private readonly concurrency = new DeliveryConcurrency();
  private readonly stop = new AbortController();
  private readonly subscription: Subscription;
  private isClaiming = false;
  private isStopping = false;

  constructor(
    private readonly store: WebhookOutbox,
    private readonly client: WebhookClient,
    private readonly signer: WebhookSigner,
    private readonly receiver: ApplicationReceiver,
    private readonly runtime: Runtime,
    news: DispatchEvents,
    private readonly options: WebhookOptions,
  ) {
    this.claimFailures = new FailureLog(runtime, this.logger, 'warn', 'no deliveries claimed');
    this.unrecorded = new FailureLog(runtime, this.logger, 'error', 'outcomes of deliveries not recorded');
    this.subscription = news.ingestionsChanged
      .pipe(throttleTime(MIN_WAKE_INTERVAL_MS, undefined, { leading: true, trailing: true }))
      .subscribe(() => {
        void this.sendDue();
      });
  }

  /** Starts due deliveries up to the limits; never rejects. */
  @Interval(POLL_INTERVAL_MS)
  async sendDue(): Promise<void> {
    if (this.isStopping || this.isClaiming || !(this.signer.canSign || this.receiver.isPresent)) {
      return;
    }
    this.isClaiming = true;
    try {
      await this.claimAll();
      this.claimFailures.succeeded();
    } catch (error) {
      this.claimFailures.failed(() => `no deliveries claimed, trying again: ${String(error)}`);
    } finally {
      this.isClaiming = false;
    }
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.subscription.unsubscribe();
  }

  /** Waits for deliveries in flight. One that has not ended by then is sent again by another process. */
  async beforeApplicationShutdown(): Promise<void> {
    const grace = this.runtime.setTimeout(() => {
      this.stop.abort(new Error('the service is stopping'));
    }, this.options.shutdownGraceMs);
    await this.concurrency.end();
    this.runtime.clearTimeout(grace);
  }

  private async claimAll(): Promise<void> {
    for (;;) {
      const { available, saturated } = this.concurrency;
      const leaseMs = this.options.timeoutMs + LEASE_MARGIN_MS;
      const claimed = available > 0 ? await this.store.claim(available, leaseMs, saturated) : [];
      for (const delivery of claimed) {
        this.concurrency.add(delivery, this.send(delivery), () => {
          void this.sendDue(); // a place is free, and another delivery of the same ingestion may have waited for this one
        });
      }
      if (claimed.length < available || available === 0) {
        return;
      }
    }
  }

  private async send(delivery: ClaimedDelivery): Promise<void> {
    const { deliveryId, ingestionId } = delivery;
    const fields = { delivery_id: deliveryId, ingestion_id: ingestionId };
    try {
      const webhookResponse = await this.deliver(delivery);
      const outcome = this.decide(delivery, webhookResponse);
      const isRecorded = await this.store.record(delivery, outcome);
      this.unrecorded.succeeded();
      this.logger.log({ msg: describe(delivery, outcome, isRecorded), ...fields });
    } catch (error) {
      this.unrecorded.failed(() => `delivery ${deliveryId}: outcome not recorded: ${String(error)}`, fields);
    }
  }

  private deliver(delivery: ClaimedDelivery): Promise<WebhookResponse> {
    if (delivery.url === APPLICATION_URL) {
      return this.receiver.deliver(delivery, this.stop.signal);
    }
    if (!this.signer.canSign) {
      return Promise.resolve({ httpStatus: null, error: 'there is no secret to sign it' });
    }
    const message = this.signer.message(delivery, this.runtime.wallMs());
    return this.client.send(delivery.url, message, this.stop.signal);
  }

  private decide(delivery: ClaimedDelivery, webhookResponse: WebhookResponse): AttemptOutcome {
    if (webhookResponse.error === null) {
      return { ...webhookResponse, state: 'delivered' };
    }
    if (this.stop.signal.aborted && webhookResponse.httpStatus === null) {
      return { ...webhookResponse, state: 'pending', retryInMs: 0 };
    }
    const retryInMs = nextAttemptInMs(delivery.attempts, delivery.queuedMsAgo, () => this.runtime.random());
    return webhookResponse.httpStatus === HTTP_GONE || retryInMs === null
      ? { ...webhookResponse, state: 'failed' }
      : { ...webhookResponse, state: 'pending', retryInMs };
  }
}

function describe(delivery: ClaimedDelivery, outcome: AttemptOutcome, isRecorded: boolean): string {
  const { deliveryId, ingestionId, attempts } = delivery;
  const what = `delivery ${deliveryId} of ingestion ${ingestionId}, attempt ${String(attempts)}`;
  if (!isRecorded) {
    return `${what}: reclaimed or resent meanwhile; its outcome is dropped`;
  }
  switch (outcome.state) {
    case 'delivered':
      return `${what}: delivered`;
    case 'failed':
      return `${what}: ${outcome.error ?? ''}; given up`;
    case 'pending':
      return `${what}: ${outcome.error ?? ''}; again in ${(outcome.retryInMs / 1000).toFixed(1)} s`;
  }
}
