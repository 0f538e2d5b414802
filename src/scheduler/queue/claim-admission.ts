/** The fewest lists that are admitted in one step: a few milliseconds of work. */
const MIN_ADMITTED_PER_STEP = 50;

/** Returns how many scheduled lists one step admits: at least as many as a dispatch has ids. */
export function toAdmissionStep(batchSize: number): number {
  return Math.max(MIN_ADMITTED_PER_STEP, batchSize);
}

/** Decides whether a claim first waits for lists that have expired or are due. */
export class ClaimAdmission {
  /** True while such lists must be cancelled or admitted before the claim chooses. */
  isWaiting = false;
  private hasAdmitted = false;

  /**
   * Returns true if the claim waits for a step. It waits for each list that has expired, and once for lists that are due:
   * then it chooses, also if more are due.
   */
  begin(isAnyDue: boolean, isAnyExpired: boolean): boolean {
    this.isWaiting = isAnyExpired || (isAnyDue && !this.hasAdmitted);
    return this.isWaiting;
  }

  /**
   * Records that a step is done, and returns the most ids that the claim may take. If more lists are due, their priority
   * is not higher than that of the admitted ones, so the claim takes no more ids than there were lists in the step.
   */
  end(isMoreDue: boolean, batchSize: number): number {
    this.hasAdmitted = true;
    this.isWaiting = false;
    return isMoreDue ? toAdmissionStep(batchSize) : Infinity;
  }
}
