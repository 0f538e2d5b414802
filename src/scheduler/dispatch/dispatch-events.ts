import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

/** A dispatch whose outcome is recorded. */
export interface EndedDispatch {
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
export class ProgressNews {
  private readonly subject = new Subject<readonly string[]>();
  private readonly ended = new Subject<EndedDispatch>();

  get ofIngestions(): Observable<readonly string[]> {
    return this.subject;
  }

  /** Of this process's dispatches. */
  get ofEnded(): Observable<EndedDispatch> {
    return this.ended;
  }

  announceEnded(dispatch: EndedDispatch): void {
    this.ended.next(dispatch);
  }

  announce(ingestionIds: readonly string[]): void {
    this.subject.next(ingestionIds);
  }
}
