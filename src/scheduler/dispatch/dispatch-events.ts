import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

/** A dispatch whose outcome is recorded. */
export interface SettledDispatch {
  readonly lane: string;
  readonly ids: number;
  readonly completed: number;
  /** Tried again later. */
  readonly retried: number;
  /** Gave up. */
  readonly failed: number;
  /** What its call took. */
  readonly callMs: number;
}

/** Tells, within this process, which ingestions have gone on. A hint: other processes have theirs. */
@Injectable()
export class DispatchEvents {
  private readonly subject = new Subject<readonly string[]>();
  private readonly ended = new Subject<SettledDispatch>();

  get ingestionsChanged(): Observable<readonly string[]> {
    return this.subject;
  }

  /** Of this process's dispatches. */
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
