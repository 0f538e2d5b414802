/**
 * The pure parts of the service, each with the specs that hold it. A mutant runs all specs of its part and no others: Jest
 * loads every test file that it runs, so the whole suite for each mutant would take days. Small parts are fast.
 */
export interface Part {
  readonly mutate: readonly string[];
  readonly specs: readonly string[];
}

export const PARTS: Readonly<Record<string, Part>> = {
  order: part('scheduler/queue', ['dispatch-order']),
  'fair-share': part('scheduler/queue', ['fair-share']),
  dispatches: part('scheduler/queue', ['choose-dispatches']),
  claims: part(
    'scheduler/queue',
    ['claim-rounds'],
    [
      'claim-rounds',
      'priority-queue',
      'priority-queue-fill',
      'priority-queue-fair-share',
      'priority-queue-rules',
    ],
  ),
  fill: part('scheduler/queue', ['fill']),
  admission: part('scheduler/rules', ['admit', 'id-run', 'reserve', 'room'], ['admit', 'id-run']),
  departures: part('scheduler/rules', ['lane-departures', 'rule-hold']),
  'departure-forecast': part(
    'scheduler/rules',
    ['departure-forecast'],
    ['departure-forecast', 'departure-forecast-bounds'],
  ),
  limits: part(
    'domain/limits',
    ['limit', 'limit-fields', 'parse-calendar-limit', 'parse-limits'],
    ['parse-limits'],
  ),
  'quiet-hours': part('domain/limits', ['parse-quiet-hours', 'quiet-hours'], ['quiet-hours']),
  calendar: part('domain/limits', ['calendar']),
  forecast: part('domain/limits', ['forecast']),
  thinning: part('domain/limits', ['thinning']),
  pacing: part(
    'scheduler/pacing',
    ['latency-estimator', 'moving-average', 'slot-schedule'],
    ['moving-average', 'slot-schedule'],
  ),
  retry: part('scheduler/dispatch', ['rate-limit-backoff', 'retry-policy']),
  'upstream-ceiling': part('scheduler/dispatch', ['upstream-ceiling']),
  breaker: part('scheduler/lanes', ['circuit-breaker']),
  outcomes: part('domain', ['outcome-transition']),
  batches: part('domain', ['batch-id', 'batch-plan', 'batch-status'], ['batch-plan']),
  estimates: part('ingestion/estimate', ['estimate']),
  ids: part('domain', ['exact-json', 'ids-to-json', 'packed-ids'], ['packed-ids']),
  'body-ids': part('ingestion/dto', ['exact-ids', 'ids.validator'], ['exact-ids']),
  'stream-ids': part('ingestion/streaming', ['parse-id']),
  'answer-ids': part(
    'external-api/http',
    ['parse-response'],
    ['parse-response', 'http-external-api-failures', 'http-external-api-results'],
  ),
  json: part('external-api/json', ['json-scanner']),
};

/** Without names of their own, the specs have the names of the files. */
function part(folder: string, files: readonly string[], specs = files): Part {
  return {
    mutate: files.map((name) => `src/${folder}/${name}.ts`),
    specs: specs.map((name) => `src/${folder}/${name}.spec.ts`),
  };
}

/** @throws Error that names the parts if there is none of this name. */
export function toPart(name: string): Part {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === undefined) {
    throw new Error(`there is no part "${name}"; the parts are ${Object.keys(PARTS).join(', ')}`);
  }
  return part;
}
