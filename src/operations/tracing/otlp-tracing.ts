import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  TracerProvider,
  type IdGenerator,
} from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { ExternalApi, type UpstreamResult, type UpstreamCall } from '../../external-api/external-api.js';
import { countIds } from '../../domain/packed-ids.js';
import type { Acceptance, NewIngestion } from '../../domain/ingestion.js';
import type { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { instrument, type Hooks } from '../metrics/instrument.js';
import type { Dispatch, Outcome } from '../../domain/dispatch.js';
import type { QueueRepository } from '../../scheduler/queue/queue.repository.js';
import type { SpanRef } from '../../domain/request-trace.js';
import type { Runtime } from '../../domain/runtime.js';
import { toRootSpan } from '../../platform/telemetry/trace-ids.js';
import { Tracing } from './tracing.js';

const MAX_LINKS = 100;

/** Generates the ids of spans. The next span gets the ids that are set for it. */
class FixedIdGenerator implements IdGenerator {
  /** The UUID for the next span; null for random ids. */
  next: string | null = null;
  private readonly random = new RandomIdGenerator();

  generateTraceId(): string {
    return this.next === null ? this.random.generateTraceId() : toRootSpan(this.next).traceId;
  }

  generateSpanId(): string {
    return this.next === null ? this.random.generateSpanId() : toRootSpan(this.next).spanId;
  }
}

/** Sends traces to a collector by OTLP over HTTP. */
export class OtlpTracing extends Tracing {
  private readonly ids = new FixedIdGenerator();
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  /** The spans of dispatches in flight, by dispatch id. */
  private readonly inFlight = new Map<string, Span>();
  /** The duration of the operation whose hook is called next. */
  private seconds = 0;

  private readonly hooks: Readonly<Record<string, Hooks<object>>> = {
    ingestions: {
      acceptAll: (acceptances: readonly Acceptance[], group: readonly NewIngestion[]) => {
        this.accepted(acceptances, group);
      },
    } satisfies Hooks<IngestionRepository>,
    dispatches: {
      commitClaims: (claims) => {
        claims.forEach((claim) => {
          claim?.dispatches.forEach((dispatch) => {
            this.claimed(dispatch);
          });
        });
      },
      settle: (areRecorded, settlements) => {
        settlements.forEach(({ dispatch: { dispatchId }, outcomes }, i) => {
          this.settled(dispatchId, areRecorded[i] === true ? outcomes : null);
        });
      },
      release: (_areHeld, dispatches) => {
        dispatches.forEach(({ dispatchId }) => {
          this.end(dispatchId, { 'sluice.ending': 'released' });
        });
      },
    } satisfies Hooks<QueueRepository>,
  };

  constructor(
    endpoint: string,
    private readonly runtime: Runtime,
  ) {
    super();
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
    this.provider = new TracerProvider({
      idGenerator: this.ids,
      resource: defaultResource().merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: 'sluice' })),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
    this.tracer = this.provider.getTracer('sluice');
  }

  override instrumentRepository<T extends object>(name: string, port: T): T {
    const hooks = this.hooks[name];
    if (hooks === undefined) {
      return port;
    }
    return instrument(
      port,
      this.runtime,
      (_method, seconds) => {
        this.seconds = seconds;
      },
      hooks as Hooks<T>,
    );
  }

  override instrumentUpstream(api: ExternalApi): ExternalApi {
    return new TracedExternalApi(api, (call, process) => this.follow(call, process));
  }

  override async close(): Promise<void> {
    await this.provider.shutdown();
  }

  private accepted(acceptances: readonly Acceptance[], group: readonly NewIngestion[]): void {
    acceptances.forEach(({ kind }, i) => {
      const ingestion = group[i];
      if (kind === 'accepted' && ingestion !== undefined) {
        this.ingestionAccepted(ingestion);
      }
    });
  }

  /**
   * Starts the span in the client's trace if the request has one. Dispatches link to the ingestion's own
   * trace in any case, which links to the client's.
   */
  private ingestionAccepted({ ingestionId, priority, packedIds, trace: requestTrace }: NewIngestion): void {
    const options = {
      kind: SpanKind.PRODUCER,
      attributes: {
        'sluice.ingestion_id': ingestionId,
        'sluice.priority': priority,
        'sluice.ids': countIds(packedIds),
      },
    };
    const parent = requestTrace?.parent ?? null;
    const accept =
      parent === null ? this.root('accept', ingestionId, options) : this.child('accept', parent, options);
    if (parent !== null) {
      this.root('list', ingestionId, { ...options, links: [{ context: accept.spanContext() }] }).end();
    }
    if (requestTrace !== undefined) {
      requestTrace.acceptSpan = accept.spanContext();
    }
    accept.end();
  }

  private claimed({ dispatchId, parts }: Dispatch): void {
    const ingestionIds = [...new Set(parts.map(({ ingestionId }) => ingestionId))];
    const span = this.root('dispatch', dispatchId, {
      kind: SpanKind.CONSUMER,
      links: ingestionIds.slice(0, MAX_LINKS).map(linkTo),
      attributes: {
        'sluice.dispatch_id': dispatchId,
        'sluice.ids': parts.reduce((sum, { size }) => sum + size, 0),
      },
    });
    this.child('claim', toRootSpan(dispatchId)).end();
    this.inFlight.set(dispatchId, span);
  }

  private async follow<T>({ dispatchId, ids }: UpstreamCall, process: () => Promise<T>): Promise<T> {
    this.seconds = 0;
    const span = this.child('call', toRootSpan(dispatchId), {
      kind: SpanKind.CLIENT,
      attributes: { 'sluice.ids': ids.length },
    });
    try {
      return await process();
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof Error ? error.message : 'failed',
      });
      throw error;
    } finally {
      span.end();
    }
  }

  private settled(dispatchId: string, outcomes: readonly Outcome[] | null): void {
    const span = this.inFlight.get(dispatchId);
    if (span !== undefined) {
      this.tracer.startSpan('settle', this.sinceBegin({}), trace.setSpan(ROOT_CONTEXT, span)).end();
    }
    const count = (kind: Outcome['kind']): number =>
      outcomes?.filter((outcome) => outcome.kind === kind).length ?? 0;
    this.end(dispatchId, {
      'sluice.ending': outcomes === null ? 'late' : 'settled',
      'sluice.completed': count('completed'),
      'sluice.retried': count('retry'),
      'sluice.failed': count('failed'),
    });
  }

  private end(dispatchId: string, attributes: Record<string, string | number>): void {
    this.inFlight.get(dispatchId)?.setAttributes(attributes).end();
    this.inFlight.delete(dispatchId);
  }

  /** Starts the first span of the trace that the UUID names. */
  private root(name: string, uuid: string, options: SpanOptions): Span {
    this.ids.next = uuid;
    try {
      return this.tracer.startSpan(name, { ...this.sinceBegin(options), root: true }, ROOT_CONTEXT);
    } finally {
      this.ids.next = null;
    }
  }

  private child(name: string, parent: SpanRef, options: SpanOptions = {}): Span {
    return this.tracer.startSpan(name, this.sinceBegin(options), toContext(parent));
  }

  private sinceBegin(options: SpanOptions): SpanOptions {
    return { ...options, startTime: this.runtime.wallMs() - this.seconds * 1000 };
  }
}

class TracedExternalApi extends ExternalApi {
  constructor(
    private readonly api: ExternalApi,
    private readonly follow: <T>(call: UpstreamCall, process: () => Promise<T>) => Promise<T>,
  ) {
    super();
  }

  override get description(): string {
    return this.api.description;
  }

  override get sharesKey(): boolean {
    return this.api.sharesKey;
  }

  override process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]> {
    return this.follow(call, () => this.api.process(call, signal));
  }

  override prepare(inMs: number): void {
    this.api.prepare?.(inMs);
  }
}

function toSpanContext(span: SpanRef): SpanContext {
  return { ...span, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function toContext(span: SpanRef): Context {
  return trace.setSpanContext(ROOT_CONTEXT, toSpanContext(span));
}

function linkTo(ingestionId: string): Link {
  return { context: toSpanContext(toRootSpan(ingestionId)) };
}
