import type { ListActions, ListProgress, SubmitOptions, SubmittedList } from '../sluice-service.js';

/** A lane of a Sluice in this application: its own upstream, pace and order. */
export class SluiceLane {
  constructor(
    readonly name: string,
    private readonly sluice: ListActions,
  ) {}

  /**
   * Queues a list and resolves when it is stored.
   * @throws SluiceError as `POST /ingest` would answer; then nothing was queued.
   */
  submit(ids: Iterable<number | bigint>, options: SubmitOptions = {}): Promise<SubmittedList> {
    return this.sluice.submit(this.name, ids, options);
  }

  /** @throws SluiceError of kind `not_found` for an unknown id. */
  status(ingestionId: string): Promise<ListProgress> {
    return this.sluice.status(ingestionId);
  }

  /**
   * Drops the ids of a list that were not sent yet.
   * @throws SluiceError of kind `not_found` for an unknown id, `conflict` for a list that has ended.
   */
  cancel(ingestionId: string): Promise<void> {
    return this.sluice.cancel(ingestionId);
  }
}
