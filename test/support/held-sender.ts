import { ApplicationReceiver, type DeliveryListener } from '../../src/webhooks/application-receiver.js';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import type { AttemptOutcome, ClaimedDelivery, Delivery } from '../../src/domain/webhook-delivery.js';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import { HostAllowlist } from '../../src/platform/dns/host-allowlist.js';
import type { WebhookClient } from '../../src/webhooks/webhook-client.js';
import type { WebhookResponse } from '../../src/webhooks/webhook-response.js';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { WebhookSigner, type WebhookMessage } from '../../src/webhooks/webhook-message.js';
import {
  WebhookOutbox,
  NONE_SATURATED,
  type SaturatedReceivers,
  type DeliveryBacklog,
} from '../../src/webhooks/webhook-outbox.repository.js';
import { WebhookSender } from '../../src/webhooks/webhook-sender.js';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

/** A delivery that is due. */
export function claimed(deliveryNo: number, changes: Partial<ClaimedDelivery> = {}): ClaimedDelivery {
  return {
    deliveryNo,
    deliveryId: `id-${String(deliveryNo)}`,
    ingestionId: '0198c0de-0000-7000-8000-000000000001',
    url: 'https://example.com/',
    priority: 'LOW',
    total: 1,
    completed: 1,
    failed: 0,
    endedAtMs: 0,
    state: 'pending',
    attempts: 1,
    nextAttemptAtMs: null,
    lastAttempt: null,
    claimNo: 1,
    client: null,
    queuedMsAgo: 0,
    ...changes,
  };
}

/** An outbox that the test fills. */
export class ScriptedOutbox extends WebhookOutbox {
  readonly due: ClaimedDelivery[] = [];
  readonly recorded: AttemptOutcome[] = [];
  fails = false;

  override claim(
    limit: number,
    _: number,
    busy: SaturatedReceivers = NONE_SATURATED,
  ): Promise<ClaimedDelivery[]> {
    if (this.fails) {
      return Promise.reject(new Error('no store'));
    }
    const mayGo = this.due.filter(
      ({ client, url }) =>
        !busy.clients.includes(client) &&
        !busy.hosts.some((one) => one.client === client && url.startsWith(one.host)),
    );
    const claimed = mayGo.slice(0, limit);
    for (const delivery of claimed) {
      this.due.splice(this.due.indexOf(delivery), 1);
    }
    return Promise.resolve(claimed);
  }

  override record(_: ClaimedDelivery, outcome: AttemptOutcome): Promise<boolean> {
    this.recorded.push(outcome);
    return Promise.resolve(true);
  }

  override backlog(): Promise<DeliveryBacklog> {
    return Promise.resolve({ pending: this.due.length, oldestMs: null });
  }

  override list(): Promise<Delivery[]> {
    return Promise.resolve([]);
  }

  override resend(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** Receivers that answer when the test says so. */
export class HeldReceivers {
  readonly sent: {
    readonly message: WebhookMessage;
    readonly answer: (webhookResponse: WebhookResponse) => void;
  }[] = [];

  send(_: string, message: WebhookMessage, stop: AbortSignal): Promise<WebhookResponse> {
    return new Promise((resolve) => {
      this.sent.push({ message, answer: resolve });
      stop.addEventListener('abort', () => {
        resolve({ httpStatus: null, error: 'the call failed: ABORTED' });
      });
    });
  }
}

/** Lets everything happen that needs no time. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
};

/** A sender between a scripted outbox and receivers that answer when the test says so. */
export interface HeldSender {
  readonly outbox: ScriptedOutbox;
  readonly receivers: HeldReceivers;
  readonly events: DispatchEvents;
  readonly sender: WebhookSender;
}

/**
 * Makes a sender that signs with these secrets, and silences the log until the mocks are restored. `listeners` are those
 * of an application around the service.
 */
export function newHeldSender(
  secrets: readonly string[] = [SECRET],
  listeners: readonly DeliveryListener[] = [],
): HeldSender {
  for (const level of ['log', 'warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
  }
  const outbox = new ScriptedOutbox();
  const receivers = new HeldReceivers();
  const events = new DispatchEvents();
  const client = receivers as unknown as WebhookClient;
  const options = {
    secrets: new WebhookSecrets({ shared: secrets, masters: [], byClient: new Map() }),
    timeoutMs: 1000,
    allow: new HostAllowlist(new Set(), []),
    shutdownGraceMs: 0,
  };
  const signer = new WebhookSigner(options, { keysFile: null, jwt: null, isEnabled: false });
  const sender = new WebhookSender(
    outbox,
    client,
    signer,
    ApplicationReceiver.of(listeners),
    new SystemRuntime(),
    events,
    options,
  );
  return { outbox, receivers, events, sender };
}

/** Stops the sender: its deliveries in flight are aborted. */
export async function stopSender(sender: WebhookSender): Promise<void> {
  sender.onModuleDestroy();
  await sender.beforeApplicationShutdown();
}
