import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';

/** Options of tracing. */
@Injectable()
export class TracingOptions {
  /** The URL of the collector (OTLP over HTTP); undefined disables tracing. */
  readonly otlpEndpoint: string | undefined;

  constructor({ variables }: Configuration) {
    this.otlpEndpoint = variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  }
}
