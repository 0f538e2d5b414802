import type { Runtime } from '../../domain/runtime.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import type { AdmissionSchedule } from './admission-schedule.js';
import type { ClaimResult } from './claim-result.js';
import type { Filling } from './fill.js';
import type { LaneClaim } from './lane-claim.js';
import type { QueueHead, QueueRepository } from './queue.repository.js';
import type { SendPermissions } from './send-permissions.js';

/** Runs claims of several lanes together: they share their reads and their commits. */
export class ClaimRounds {
  constructor(
    private readonly repository: QueueRepository,
    private readonly permissions: SendPermissions,
    private readonly schedule: AdmissionSchedule,
    private readonly options: Pick<SchedulerOptions, 'leaseMs'>,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Claims in lanes whose slots are open, again after a lost race, until each lane has a result.
   * @throws StoreUnavailableError
   */
  async claimUntilDecided(claims: readonly LaneClaim[]): Promise<void> {
    for (;;) {
      const open = claims.filter((claim) => claim.begin());
      if (open.length === 0) {
        break;
      }
      await this.claimOnce(open);
    }
    for (const claim of claims.filter(({ isNothingDue }) => isNothingDue)) {
      claim.result = { kind: 'nothing_due', dueInMs: await this.repository.nextDueInMs(claim.name) };
    }
    for (const claim of claims) {
      if (claim.filling !== null) {
        claim.result = await this.fillingResult(claim.name, claim.filling);
      }
    }
  }

  /** A retry that falls due can complete the dispatch, so the next claim comes with it at the latest. */
  private async fillingResult(lane: string, { waitMs, readTimeMs, readAtMs }: Filling): Promise<ClaimResult> {
    const dueInMs = await this.repository.nextDueInMs(lane, readTimeMs);
    const fullInMs = Math.max(0, readAtMs + waitMs - this.runtime.monotonicMs());
    return { kind: 'filling', opensInMs: Math.min(fullInMs, Math.max(0, dueInMs ?? fullInMs)), fullInMs };
  }

  /** Reads the heads, chooses, and commits what was chosen if the gates are unchanged. */
  private async claimOnce(claims: readonly LaneClaim[]): Promise<void> {
    const reading = this.repository.readHeads(claims.map((claim) => claim.request()));
    // An embedded store answers at once: without a wait here, nothing comes between the read and the commit.
    const heads = reading instanceof Promise ? await reading : reading;
    const selected = claims.flatMap((claim, i) => {
      const head = heads[i];
      return head !== undefined && !this.mustAdmit(claim, head) && claim.select(head)
        ? [{ claim, head }]
        : [];
    });
    const readings = selected.map(({ claim: { name, repeatedDispatchIds } }) =>
      repeatedDispatchIds.length === 0 ? [] : this.repository.readRepeated(name, repeatedDispatchIds),
    );
    const answers = readings.filter(isAnswer);
    const repeated =
      answers.length === readings.length ? answers : await Promise.all(readings.map(toPromise));
    const chosen = selected.flatMap(({ claim, head }, i) => {
      const selection = claim.choose(head, repeated[i] ?? []);
      return selection === null ? [] : [{ claim, selection }];
    });
    if (chosen.length > 0) {
      const committed = await this.repository.commitClaims(chosen.map(({ selection }) => selection));
      chosen.forEach(({ claim }, i) => {
        claim.commit(committed[i] ?? null);
        this.permissions.grant(claim, this.options.leaseMs);
      });
    }
    for (const claim of claims.filter(({ admission }) => admission.isWaiting)) {
      await this.schedule.admitDue(claim.options);
      await this.runtime.nextTurn(); // others get their turn between two steps
      claim.admitted(this.schedule.dueInMs(claim.name) === 0);
    }
  }

  /**
   * Lists that have expired are cancelled, and lists that are due are admitted, before the claim chooses: all of the
   * former in steps, and one step of the latter.
   */
  private mustAdmit(claim: LaneClaim, { scheduledInMs, expiresInMs }: QueueHead): boolean {
    const times = [scheduledInMs, expiresInMs].filter((inMs) => inMs !== null);
    this.schedule.observe(claim.name, times.length === 0 ? null : Math.min(...times));
    return claim.admission.begin(this.schedule.dueInMs(claim.name) === 0, isNow(expiresInMs));
  }
}

/** Returns true for the answer of an embedded store, which comes at once. */
function isAnswer<T>(answer: T | Promise<T>): answer is T {
  return !(answer instanceof Promise);
}

async function toPromise<T>(answer: T | Promise<T>): Promise<T> {
  return answer;
}

function isNow(inMs: number | null): boolean {
  return inMs !== null && inMs <= 0;
}
