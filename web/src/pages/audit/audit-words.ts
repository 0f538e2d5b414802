import type { AuditEntry } from '../../api/types.js';
import { formatCount } from '../../ui/format.js';

/** Names of the acts, in the past tense. */
export const ACTION_NAMES: Readonly<Record<AuditEntry['action'], string>> = {
  pause_lane: 'paused a lane',
  resume_lane: 'resumed a lane',
  change_lane: 'changed a lane',
  create_lane: 'made a lane',
  retire_lane: 'retired a lane',
  cancel: 'cancelled a list',
  reprioritize: 'changed a priority',
  delete: 'deleted a list',
  redrive: 'redrove dead letters',
  discard: 'discarded dead letters',
  start_bulk_action: 'started a bulk action',
  stop_bulk_action: 'stopped a bulk action',
  end_bulk_action: 'ended a bulk action',
  resend_webhook: 'resent a webhook',
};

/** Returns the changed values, one line each: `batch_size: 10 → 5`. */
export function describeValues({ from, to, filter, affected }: AuditEntry): string[] {
  return [
    ...compare(from, to),
    ...(filter === null ? [] : [`filter: ${toText(filter)}`]),
    ...(affected === null ? [] : [`${formatCount(affected)} ${affected === 1 ? 'id' : 'ids'}`]),
  ];
}

function compare(from: AuditEntry['from'], to: AuditEntry['to']): string[] {
  if (isFields(from) || isFields(to)) {
    const [before, after] = [isFields(from) ? from : {}, isFields(to) ? to : {}];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].map(
      (name) => `${name}: ${toText(before[name] ?? null)} → ${toText(after[name] ?? null)}`,
    );
  }
  return from === null && to === null ? [] : [`${toText(from)} → ${toText(to)}`];
}

function isFields(value: AuditEntry['from']): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toText(value: unknown): string {
  return value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}
