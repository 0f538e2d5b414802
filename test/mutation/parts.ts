/**
 * The pure parts of the service, each with the specs that hold it. A mutant runs only the specs of its part: Jest loads
 * every test file that it runs, so the whole suite for each mutant would take days.
 */
export interface Part {
  readonly mutate: readonly string[];
  readonly specs: readonly string[];
}

export const PARTS: Readonly<Record<string, Part>> = {
  order: {
    mutate: scheduler('queue', 'choose-dispatches', 'claim-rounds', 'dispatch-order'),
    specs: specs(
      'scheduler/queue/{dispatch-order,priority-queue,priority-queue-fair-share,priority-queue-rules}',
    ),
  },
  'fair-share': {
    mutate: scheduler('queue', 'fair-share'),
    specs: specs('scheduler/queue/priority-queue-fair-share'),
  },
  fill: {
    mutate: scheduler('queue', 'fill'),
    specs: specs('scheduler/queue/{fill,priority-queue-fill}'),
  },
  limits: {
    mutate: ['src/domain/limits/*.ts'],
    specs: specs('domain/limits/*'),
  },
  rules: {
    mutate: scheduler(
      'rules',
      'admit',
      'departure-forecast',
      'id-run',
      'lane-departures',
      'reserve',
      'room',
      'rule-hold',
    ),
    specs: specs('scheduler/rules/*', 'scheduler/queue/priority-queue-rules'),
  },
  pacing: {
    mutate: scheduler('pacing', 'latency-estimator', 'moving-average', 'slot-schedule'),
    specs: specs('scheduler/pacing/{slot-schedule,send-coordinator}'),
  },
  retry: {
    mutate: scheduler('dispatch', 'retry-policy', 'rate-limit-backoff', 'upstream-ceiling'),
    specs: specs('scheduler/dispatch/{retry-policy,rate-limit-backoff,upstream-ceiling,lane-hold}'),
  },
  breaker: {
    mutate: scheduler('lanes', 'circuit-breaker'),
    specs: specs('scheduler/lanes/circuit-breaker'),
  },
  estimates: {
    mutate: ['src/ingestion/estimate/estimate.ts'],
    specs: specs('ingestion/estimate/*'),
  },
  ids: {
    mutate: [
      'src/domain/{exact-json,ids-to-json,packed-ids}.ts',
      'src/external-api/http/parse-response.ts',
      'src/external-api/json/json-scanner.ts',
      'src/ingestion/dto/{exact-ids,ids.validator}.ts',
      'src/ingestion/streaming/parse-id.ts',
    ],
    specs: specs(
      'domain/packed-ids',
      'external-api/http/http-external-api{,-failures,-results}',
      'external-api/json/json-scanner',
      'ingestion/dto/exact-ids',
      'ingestion/streaming/line-id-parser',
    ),
  },
  batches: {
    mutate: ['src/domain/{batch-id,batch-plan,batch-status}.ts'],
    specs: specs('domain/batch-plan'),
  },
  outcomes: {
    mutate: ['src/domain/outcome-transition.ts'],
    specs: specs('domain/outcome-transition'),
  },
};

function scheduler(folder: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `src/scheduler/${folder}/${name}.ts`);
}

function specs(...patterns: readonly string[]): readonly string[] {
  return patterns.map((pattern) => `src/${pattern}.spec.ts`);
}

/** @throws Error that names the parts if there is none of this name. */
export function toPart(name: string): Part {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === undefined) {
    throw new Error(`there is no part "${name}"; the parts are ${Object.keys(PARTS).join(', ')}`);
  }
  return part;
}
