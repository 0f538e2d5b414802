import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

/** Tells, within this process, which ingestions have gone on. A hint: other processes have theirs. */
@Injectable()
export class ProgressNews {
  private readonly subject = new Subject<readonly string[]>();

  get ofIngestions(): Observable<readonly string[]> {
    return this.subject;
  }

  announce(ingestionIds: readonly string[]): void {
    this.subject.next(ingestionIds);
  }
}
