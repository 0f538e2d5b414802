import { Injectable, type MessageEvent } from '@nestjs/common';
import {
  concat,
  concatMap,
  defer,
  filter,
  finalize,
  interval,
  merge,
  mergeMap,
  NEVER,
  of,
  share,
  take,
  takeWhile,
  type Observable,
} from 'rxjs';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import { Clock } from '../../domain/clock.js';
import { DomainError } from '../../domain/domain-error.js';
import { currentRequest } from '../telemetry/request-context.js';
import { AccessEndedError, describeEnd, type AccessEndReason } from './access-ended-error.js';
import { Authenticator } from './authenticator.js';

/** The interval of checks. A change of the keys file starts a check at once. */
const CHECK_INTERVAL_MS = 5000;

/** The credential of a request and the client that it belonged to when the request was authenticated. */
interface Access {
  readonly credential: string;
  readonly client: AuthenticatedClient;
}

/**
 * Ends long answers when the key or token of their request is no longer valid. All answers of one credential share
 * one check. With authentication disabled nothing is checked and nothing ends.
 */
@Injectable()
export class AccessMonitor {
  /** The running checks, by credential and scopes. */
  private readonly checks = new Map<string, Observable<AccessEndReason>>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly clock: Clock,
  ) {}

  /** Emits once when the credential of the current request ends or loses a scope; never completes without that. */
  ended(): Observable<AccessEndReason> {
    const access = currentAccess();
    return access === null ? NEVER : defer(() => this.sharedCheck(access));
  }

  /** Passes events on until the access ends; then emits `access_ended` with the reason and completes. */
  endEvents(events: Observable<MessageEvent>): Observable<MessageEvent> {
    const ended = this.ended().pipe(mergeMap((reason) => [toEvent(reason), null]));
    return merge(concat(events, of(null)), ended).pipe(takeWhile((event) => event !== null));
  }

  /**
   * Passes pieces on while the access lasts.
   * @throws AccessEndedError in place of the next piece after the access has ended.
   */
  whileValid<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, undefined> {
    return passUntil(pieces, this.ended());
  }

  /**
   * Checks the credential of the current request again.
   * @throws AccessEndedError
   */
  async assertValid(): Promise<void> {
    const access = currentAccess();
    const reason = access === null ? null : await this.check(access);
    if (reason !== null) {
      throw new AccessEndedError(reason);
    }
  }

  private sharedCheck(access: Access): Observable<AccessEndReason> {
    const key = [access.credential, ...access.client.scopes].join(' ');
    const running = this.checks.get(key);
    if (running !== undefined) {
      return running;
    }
    const check = merge(interval(CHECK_INTERVAL_MS), this.authenticator.changes).pipe(
      concatMap(() => this.check(access)),
      filter((reason) => reason !== null),
      take(1),
      finalize(() => this.checks.delete(key)),
      share(),
    );
    this.checks.set(key, check);
    return check;
  }

  /** Returns null while the access lasts, and while it cannot be checked: the next check decides then. */
  private async check({ credential, client }: Access): Promise<AccessEndReason | null> {
    if (client.expiresAtMs !== undefined && this.clock.wallMs() >= client.expiresAtMs) {
      return 'expired';
    }
    try {
      const now = await this.authenticator.authenticate(credential);
      if (now?.name !== client.name) {
        return 'revoked';
      }
      return client.scopes.isSubsetOf(now.scopes) ? null : 'reduced';
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') {
        return null;
      }
      throw error;
    }
  }
}

function currentAccess(): Access | null {
  const { credential, client } = currentRequest() ?? {};
  return credential === undefined || client === undefined ? null : { credential, client };
}

/** The empty id makes an `EventSource` forget its position: it may have missed what came with the end. */
function toEvent(reason: AccessEndReason): MessageEvent {
  return { type: 'access_ended', id: '', data: JSON.stringify({ reason, detail: describeEnd(reason) }) };
}

async function* passUntil<T>(
  pieces: AsyncIterable<T>,
  ended: Observable<AccessEndReason>,
): AsyncGenerator<T, undefined> {
  let failure: Error | null = null;
  const subscription = ended.subscribe({
    next: (reason) => {
      failure = new AccessEndedError(reason);
    },
    error: (error: unknown) => {
      failure = new Error('the access cannot be checked', { cause: error });
    },
  });
  try {
    for await (const piece of pieces) {
      throwIfAny(failure);
      yield piece;
    }
  } finally {
    subscription.unsubscribe();
  }
  return undefined;
}

function throwIfAny(failure: Error | null): void {
  if (failure !== null) {
    throw failure;
  }
}
