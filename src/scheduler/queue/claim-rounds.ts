import type { Runtime } from '../../domain/runtime.js';
import { Semaphore } from '../../domain/semaphore.js';
import { runTogether, type Waiting } from '../run-together.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import type { AdmissionSchedule } from './admission-schedule.js';
import type { ClaimResult } from './claim-result.js';
import type { Filling } from './fill.js';
import type { LaneClaim } from './lane-claim.js';
import type { QueueHead, QueueRepository } from './queue.repository.js';
import type { SendPermissions } from './send-permissions.js';

/** A claim that waits for the end of its round. */
interface WaitingClaim extends Waiting<undefined> {
  readonly claim: LaneClaim;
}

/** Maximum number of lanes in one round. More would block the event loop, or hold locks, for long. */
const MAX_LANES = 20;
/** Maximum number of rounds at once. One that waits for a lock, or for the disk, holds up only its own lanes. */
const MAX_ROUNDS = 4;

/**
 * Runs claims in rounds of one read and one commit. The claims of one dispatch that begin at the same moment share a round. While as many
 * rounds run as may, further claims gather: the slower the store, the more lanes share a round.
 */
export class ClaimRounds {
  /** The claims of the next round. */
  private readonly waiting: WaitingClaim[] = [];
  private isGathering = false;
  private readonly rounds = new Semaphore(MAX_ROUNDS);

  constructor(
    private readonly repository: QueueRepository,
    private readonly permissions: SendPermissions,
    private readonly schedule: AdmissionSchedule,
    private readonly options: Pick<SchedulerOptions, 'leaseMs'>,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Claims if the slot of the lane is open, again after a lost race, until the claim has a result.
   * @throws StoreUnavailableError
   */
  async decide(claim: LaneClaim): Promise<void> {
    while (claim.begin()) {
      await this.join(claim);
      if (claim.admission.isWaiting) {
        await this.admit(claim);
      }
    }
    if (claim.isNothingDue) {
      claim.result = { kind: 'nothing_due', dueInMs: await this.repository.nextDueInMs(claim.name) };
    } else if (claim.filling !== null) {
      claim.result = await this.fillingResult(claim.name, claim.filling);
    }
  }

  /** Takes part in the next round. Resolves when it is over. A claim that may take many dispatches has a round of its own. */
  private join(claim: LaneClaim): Promise<void> {
    if (claim.maxDispatches > 1) {
      return this.claimOnce([claim]);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ claim, resolve, reject });
      if (!this.isGathering) {
        this.isGathering = true;
        void this.startRounds();
      }
    });
  }

  private async startRounds(): Promise<void> {
    await Promise.resolve(); // timers that fire together bring their claims to here in the same pass over the microtasks
    while (this.waiting.length > 0) {
      await this.rounds.acquire();
      void this.startRound(this.waiting.splice(0, MAX_LANES));
      if (this.waiting.length > 0) {
        await this.runtime.nextTurn(); // others get their turn between two rounds
      }
    }
    this.isGathering = false;
  }

  private async startRound(round: readonly WaitingClaim[]): Promise<void> {
    await runTogether(round, async (waiting) => {
      await this.claimOnce(waiting.map(({ claim }) => claim));
      return waiting.map(() => undefined);
    });
    this.rounds.release();
  }

  /** Admits one step of lists that are due, or cancels one of expired lists, before the claim chooses. */
  private async admit(claim: LaneClaim): Promise<void> {
    await this.schedule.admitDue(claim.options);
    await this.runtime.nextTurn(); // others get their turn between two steps
    claim.admitted(this.schedule.dueInMs(claim.name) === 0);
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
