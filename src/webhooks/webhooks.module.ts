import { Module } from '@nestjs/common';
import { Config, ConfigError } from '../config/config.js';
import { DnsLookup } from '../dns/dns-lookup.js';
import { DnsModule } from '../dns/dns.module.js';
import { ProgressNews } from '../scheduler/progress-news.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { Clock } from '../time/clock.js';
import { CallbackAllow } from './callback-allow.js';
import { CallbackGuard } from './callback-guard.js';
import { DeliveryStore } from './delivery.store.js';
import { DnsHostResolver, HostResolver } from './host-resolver.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookSigner } from './webhook-message.js';
import { WebhookSender } from './webhook-sender.js';

/** Telling receivers that an ingestion has ended. */
@Module({
  imports: [DnsModule, SchedulerModule],
  controllers: [WebhookDeliveriesController],
  providers: [
    { provide: HostResolver, inject: [DnsLookup], useFactory: (dns: DnsLookup) => new DnsHostResolver(dns) },
    {
      provide: WebhookSigner,
      inject: [Config],
      useFactory: (config: Config) => new WebhookSigner(config.webhookSecrets),
    },
    {
      provide: CallbackGuard,
      inject: [Config, HostResolver, WebhookSigner],
      useFactory: (config: Config, resolver: HostResolver, signer: WebhookSigner) =>
        new CallbackGuard(allowOf(config), resolver, signer.canSign),
    },
    {
      provide: WebhookClient,
      inject: [CallbackGuard, Config],
      useFactory: (guard: CallbackGuard, config: Config) => new WebhookClient(guard, config.webhookTimeoutMs),
    },
    {
      provide: WebhookSender,
      inject: [DeliveryStore, WebhookClient, WebhookSigner, Clock, ProgressNews, Config],
      useFactory: (
        store: DeliveryStore,
        client: WebhookClient,
        signer: WebhookSigner,
        clock: Clock,
        news: ProgressNews,
        config: Config,
      ) =>
        new WebhookSender(store, client, signer, clock, news.ofIngestions, {
          timeoutMs: config.webhookTimeoutMs,
          graceMs: config.shutdownGraceMs,
        }),
    },
  ],
  exports: [CallbackGuard],
})
export class WebhooksModule {}

function allowOf({ callbackAllow }: Config): CallbackAllow {
  const allow = CallbackAllow.parse(callbackAllow);
  if (allow === null) {
    throw new ConfigError('CALLBACK_ALLOW must be names, addresses and networks with commas between them');
  }
  return allow;
}
