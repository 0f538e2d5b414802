import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import type { OutcomeCounts } from '../../domain/outcome-counts.js';

/** A dispatch whose outcome is recorded. */
export interface SettledDispatch extends OutcomeCounts {
  readonly lane: string;
  readonly ids: number;
  /** Duration of the upstream call. */
  readonly callMs: number;
}

/** Announces changes of ingestions within this process. It does not announce changes by other processes. */
@Injectable()
export class DispatchEvents {
  private readonly subject = new Subject<readonly string[]>();
  private readonly ended = new Subject<SettledDispatch>();

  get ingestionsChanged(): Observable<readonly string[]> {
    return this.subject;
  }

  /** Emits the recorded dispatches of this process. */
  get dispatchSettled(): Observable<SettledDispatch> {
    return this.ended;
  }

  emitSettled(dispatch: SettledDispatch): void {
    this.ended.next(dispatch);
  }

  emitChanged(ingestionIds: readonly string[]): void {
    this.subject.next(ingestionIds);
  }
}
