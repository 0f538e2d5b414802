import { Module } from '@nestjs/common';
import { DnsModule } from '../platform/dns/dns.module.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { SsrfGuard } from './ssrf-guard.js';
import { HostResolver, DnsHostResolver } from './host-resolver.js';
import { WebhookClient } from './webhook-client.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookSigner } from './webhook-message.js';
import { WebhookSender } from './webhook-sender.js';

/** Provides webhooks: receivers are notified when an ingestion has finished. */
@Module({
  imports: [DnsModule, SchedulerModule],
  controllers: [WebhookDeliveriesController],
  providers: [
    { provide: HostResolver, useClass: DnsHostResolver },
    WebhookSigner,
    SsrfGuard,
    WebhookClient,
    WebhookSender,
  ],
  exports: [SsrfGuard],
})
export class WebhooksModule {}
