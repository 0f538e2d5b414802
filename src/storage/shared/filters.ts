import type { AuditFilter } from '../../operations/audit/audit.repository.js';
import type { RedriveFilter } from '../../operations/dead-letters/dead-letter.repository.js';
import type { DeliveryFilter } from '../../webhooks/webhook-outbox.repository.js';
import type { Condition, Dialect } from './where.js';

/** Returns the conditions for rows of `dead_letter`. An unknown ingestion matches nothing. */
export function redriveConditions(
  { ingestionId, position, kind }: RedriveFilter,
  { table }: Pick<Dialect<unknown>, 'table'>,
  seqColumn = 'seq',
): Condition[] {
  return [
    {
      type: 'uuid',
      value: ingestionId,
      toSql: (id) => `${seqColumn} = (SELECT seq FROM ${table('ingestion')} WHERE ingestion_id = ${id})`,
    },
    { type: 'int', value: position, toSql: (placeholder) => `position = ${placeholder}` },
    { type: 'text', value: kind, toSql: (placeholder) => `kind = ${placeholder}` },
  ];
}

/** Returns the conditions for rows of `webhook_delivery`. */
export function deliveryConditions({ ingestionId, state }: DeliveryFilter): Condition[] {
  return [
    { type: 'uuid', value: ingestionId, toSql: (id) => `ingestion_id = ${id}` },
    { type: 'text', value: state, toSql: (placeholder) => `state = ${placeholder}` },
  ];
}

/** Returns the conditions for rows of `audit`. */
export function auditConditions({ client, action, lane, target, fromMs, toMs }: AuditFilter): Condition[] {
  return [
    { type: 'text', value: client, toSql: (placeholder) => `client = ${placeholder}` },
    { type: 'text', value: action, toSql: (placeholder) => `action = ${placeholder}` },
    { type: 'text', value: lane, toSql: (placeholder) => `lane = ${placeholder}` },
    { type: 'text', value: target, toSql: (placeholder) => `target = ${placeholder}` },
    { type: 'bigint', value: fromMs, toSql: (placeholder) => `at >= ${placeholder}` },
    { type: 'bigint', value: toMs, toSql: (placeholder) => `at <= ${placeholder}` },
  ];
}
