import { Injectable } from '@nestjs/common';
import { IngestionActionsService } from '../ingestion/actions/ingestion-actions.service.js';
import { assertIdempotencyKey } from '../ingestion/dto/idempotency-key.validator.js';
import { toGivenTime } from '../ingestion/dto/given-time.validator.js';
import { IngestRequestPipe } from '../ingestion/dto/ingest-request.pipe.js';
import { assertLane } from '../ingestion/dto/lane.validator.js';
import { EstimateService } from '../ingestion/estimate/estimate.service.js';
import { IngestionIntake } from '../ingestion/ingestion-intake.js';
import { IngestionService } from '../ingestion/ingestion.service.js';
import { StatusService } from '../ingestion/status/status.service.js';
import { APPLICATION_URL, ApplicationReceiver } from '../webhooks/application-receiver.js';
import type { ListActions, ListProgress, SubmitOptions, SubmittedList } from './sluice-service.js';
import { toListProgress } from './to-list-progress.js';
import { toSluiceError } from './to-sluice-error.js';
import { TransactionalSubmission } from './transactional-submission.js';

/** Passes lists through the same checks and services as the HTTP API. */
@Injectable()
export class EmbeddedListActions implements ListActions {
  constructor(
    private readonly pipe: IngestRequestPipe,
    private readonly intake: IngestionIntake,
    private readonly ingestions: IngestionService,
    private readonly statuses: StatusService,
    private readonly estimates: EstimateService,
    private readonly actions: IngestionActionsService,
    private readonly receiver: ApplicationReceiver,
    private readonly transactional: TransactionalSubmission,
  ) {}

  async submit(
    lane: string,
    ids: Iterable<number | bigint>,
    options: SubmitOptions = {},
  ): Promise<SubmittedList> {
    const { idempotencyKey, client, callbackUrl, transaction } = options;
    return this.run(async () => {
      const request = await this.pipe.transform(toBody(ids, options));
      const { labels, units } = request;
      const notBefore = toGivenTime(request.not_before);
      const expiresAt = toGivenTime(request.expires_at);
      const list = {
        lane: assertLane(lane, this.ingestions.laneNames),
        priority: request.priority,
        idempotencyKey: assertIdempotencyKey(idempotencyKey),
        client: client ?? null,
        callbackUrl: callbackUrl ?? (this.receiver.isPresent ? APPLICATION_URL : undefined),
        ...(labels !== undefined && { labels }),
        ...(units !== undefined && { units }),
        ...(notBefore !== undefined && { notBefore }),
        ...(expiresAt !== undefined && { expiresAt }),
      };
      this.ingestions.checkUnits(list);
      return transaction === undefined
        ? this.intake.submit(request.ids, list)
        : this.transactional.submit(transaction, {
            ...list,
            ids: request.ids,
            callbackUrl: this.ingestions.checkCallback(list.callbackUrl),
          });
    });
  }

  async status(ingestionId: string): Promise<ListProgress> {
    return this.run(async () => {
      const record = await this.statuses.findById(ingestionId);
      return toListProgress(record, await this.estimates.forIngestion(record));
    });
  }

  async cancel(ingestionId: string): Promise<void> {
    await this.run(() => this.actions.cancel(ingestionId));
  }

  private async run<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw toSluiceError(error);
    }
  }
}

/** Writes the body of `POST /ingest`, so that the list passes exactly its checks. */
function toBody(
  ids: Iterable<number | bigint>,
  { priority = 'MEDIUM', labels, units, notBefore, expiresAt }: SubmitOptions,
): string {
  const texts = Array.from(ids, (id) => (typeof id === 'bigint' ? String(id) : JSON.stringify(id)));
  const fields = { priority, labels, units, not_before: notBefore, expires_at: expiresAt };
  return `{"ids":[${texts.join(',')}],${JSON.stringify(fields).slice(1)}`;
}
