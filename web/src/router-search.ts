import type { Schemas } from './api/types.js';

/** Filter of the page Audit in its address. */
export interface AuditSearch {
  readonly action?: Schemas['AuditAction'] | undefined;
  readonly client?: string | undefined;
  readonly target?: string | undefined;
  /** Time of the first act, in UTC. */
  readonly from?: string | undefined;
  /** Time of the last act, in UTC. */
  readonly to?: string | undefined;
}

/** Filter of the page Webhooks in its address. */
export interface WebhooksSearch {
  readonly state?: Schemas['DeliveryState'] | undefined;
  /** Ingestion whose deliveries are shown. */
  readonly list?: string | undefined;
}

export const AUDIT_ACTIONS = [
  'pause_lane',
  'resume_lane',
  'change_lane',
  'create_lane',
  'retire_lane',
  'cancel',
  'reprioritize',
  'delete',
  'redrive',
  'discard',
  'start_bulk_action',
  'stop_bulk_action',
  'end_bulk_action',
  'resend_webhook',
] as const satisfies readonly Schemas['AuditAction'][];

export const DELIVERY_STATES = [
  'pending',
  'delivered',
  'failed',
] as const satisfies readonly Schemas['DeliveryState'][];

/** Reads the filter of the page Audit; unknown values are left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    ...oneOf('action', search, AUDIT_ACTIONS),
    ...text('client', search),
    ...text('target', search),
    ...time('from', search),
    ...time('to', search),
  };
}

/** Reads the filter of the page Webhooks; unknown values are left out. */
export function readWebhooksSearch(search: Record<string, unknown>): WebhooksSearch {
  return { ...oneOf('state', search, DELIVERY_STATES), ...text('list', search) };
}

function oneOf<Name extends string, Value extends string>(
  name: Name,
  search: Record<string, unknown>,
  values: readonly Value[],
): Partial<Record<Name, Value>> {
  const value = values.find((each) => each === search[name]);
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

function time<Name extends string>(
  name: Name,
  search: Record<string, unknown>,
): Partial<Record<Name, string>> {
  const value = search[name];
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
    ? ({ [name]: value } as Record<Name, string>)
    : {};
}

/** The router reads digits as a number. */
function text<Name extends string>(
  name: Name,
  search: Record<string, unknown>,
): Partial<Record<Name, string>> {
  const value = search[name];
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
    ? ({ [name]: String(value) } as Record<Name, string>)
    : {};
}

/** A change of a filter in the address: an empty text takes the field out. */
export type SearchChange<Search> = { readonly [Name in keyof Search]?: Search[Name] | '' } & {
  readonly lane?: string;
};
