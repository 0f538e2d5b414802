import { Subject, type Subscriber } from 'rxjs';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import { versionTag } from '../../../domain/ingestion-version.js';

/**
 * The subscribers of one ingestion. A state that all of them know is sent to the new ones alone, so that n subscriptions
 * cost n messages and not n².
 */
export class WatchedIngestion {
  /** Emits states to all subscribers. */
  readonly heads = new Subject<IngestionRecord>();
  private readonly newcomers = new Set<Subscriber<IngestionRecord>>();
  private lastVersion: string | null = null;

  /** Adds a subscriber, which gets the next state that is read in any case. Returns a function that removes it. */
  join(subscriber: Subscriber<IngestionRecord>): () => void {
    this.newcomers.add(subscriber);
    const subscription = this.heads.subscribe(subscriber);
    return () => {
      this.newcomers.delete(subscriber);
      subscription.unsubscribe();
    };
  }

  /** Sends a state to all subscribers if it has changed, else to those that have received none yet. */
  update(head: IngestionRecord): void {
    const version = versionTag(head);
    const newcomers = [...this.newcomers];
    this.newcomers.clear();
    if (version === this.lastVersion) {
      for (const newcomer of newcomers) {
        newcomer.next(head);
      }
      return;
    }
    this.lastVersion = version;
    this.heads.next(head);
  }
}
