import { Global, Injectable, Module } from '@nestjs/common';
import { CallbackPolicy } from './domain/callback-policy.js';
import { IngestionRepository } from './ingestion/ingestion.repository.js';
import { IngestionOwners } from './platform/auth/ingestion-owners.js';
import { SsrfGuard } from './webhooks/ssrf-guard.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Injectable()
class StoredIngestionOwners extends IngestionOwners {
  constructor(private readonly repository: IngestionRepository) {
    super();
  }

  override async ownerOf(ingestionId: string): Promise<string | null> {
    const ingestion = await this.repository.findById(ingestionId);
    return ingestion?.client ?? null;
  }
}

/** Binds ports of one room to classes of a room that the first must not import. */
@Global()
@Module({
  imports: [WebhooksModule],
  providers: [
    { provide: IngestionOwners, useClass: StoredIngestionOwners },
    { provide: CallbackPolicy, useExisting: SsrfGuard },
  ],
  exports: [IngestionOwners, CallbackPolicy],
})
export class AppPortsModule {}
