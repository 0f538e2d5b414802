import { Global, Injectable, Module } from '@nestjs/common';
import { IngestionRepository } from './ingestion/ingestion.repository.js';
import { IngestionOwners } from './platform/auth/ingestion-owners.js';

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
  providers: [{ provide: IngestionOwners, useClass: StoredIngestionOwners }],
  exports: [IngestionOwners],
})
export class AppPortsModule {}
