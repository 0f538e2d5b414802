/**
 * Published values of the label `operation` for methods that were renamed or are now in another port. Dashboards and
 * alerts of users contain them, so they do not change.
 */
const PUBLISHED_LABELS: Readonly<Record<string, string>> = {
  'dead_letters.latest_number': 'dead_letters.newest',
  'dispatches.commit_claims': 'dispatches.claim',
  'dispatches.hold_lane': 'dispatches.hold',
  'dispatches.reclaim_expired': 'dispatches.take_over_lapsed',
  'dispatches.renew_leases': 'dispatches.renew',
  'history.recent': 'gate.recent',
  'ingestions.cancel_step': 'control.cancel_some',
  'ingestions.find_by_id': 'ingestions.find_head',
  'ingestions.find_many': 'ingestions.find_heads',
  'ingestions.find_preceding': 'ingestions.find_before',
  'ingestions.find_with_batches': 'ingestions.find_page',
  'ingestions.position_of': 'outlook.place_of',
  'ingestions.reprioritize_step': 'control.reprioritise_some',
  'maintenance.delete_expired': 'retention.remove_some',
  'queue.count_dispatches_since': 'queue.begun_within',
  'queue.oldest_pending_age_ms': 'queue.oldest_waiting_ms',
  'queue.stats': 'queue.survey',
  'queue.upcoming': 'gate.upcoming',
  'rate_limits.consume': 'rate_limits.take',
  'results.chunks': 'results.runs',
  'staging.abandon': 'staging.give_up',
  'staging.create': 'staging.begin',
  'staging.pending_counts': 'staging.standing_of',
};

/** Returns the label of an operation, given as `port.method` in snake case. */
export function operationLabel(operation: string): string {
  return PUBLISHED_LABELS[operation] ?? operation;
}
