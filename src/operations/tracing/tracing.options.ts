import { Injectable } from '@nestjs/common';
import { Configuration } from '../../platform/config/configuration.js';

/** Options of traces. */
@Injectable()
export class TracingOptions {
  /** The collector, by OTLP over HTTP; undefined turns traces off. */
  readonly otlpEndpoint: string | undefined;

  constructor({ variables }: Configuration) {
    this.otlpEndpoint = variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  }
}
