import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import type { DispatchHandler } from '../dispatch-handler.js';
import { SluiceError } from '../sluice-error.js';
import type { FinishedListener } from '../sluice-service.js';
import { FINISHED_LISTENER, LANE_HANDLER, type LaneAddress } from './metadata.js';
import { mountHandler, type RequestHandler } from './mount-handler.js';
import { LaneRegistration } from './sluice.options.js';

interface Provider {
  readonly instance: object;
  readonly type: Type;
}

/** Finds in the application what belongs to a Sluice, and adds to its HTTP server. */
@Injectable()
export class HostApplication {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** Serves requests under a path, before the application reads their bodies. Returns false without an HTTP server. */
  mount(path: string, handler: RequestHandler): boolean {
    // The types say that there is an adapter; a standalone application has none.
    const { httpAdapter } = this.adapterHost as Partial<HttpAdapterHost>;
    if (httpAdapter === undefined) {
      return false;
    }
    mountHandler(httpAdapter, path, handler);
    return true;
  }

  /** @throws SluiceError if two registrations of a lane differ. */
  lanesOf(sluice: string): Map<string, LaneRegistration['settings']> {
    const lanes = new Map<string, LaneRegistration['settings']>();
    for (const { instance } of this.providers()) {
      if (instance instanceof LaneRegistration && instance.sluice === sluice) {
        if (lanes.has(instance.lane) && lanes.get(instance.lane) !== instance.settings) {
          throw new SluiceError('misconfigured', `lane ${instance.lane} is registered twice`);
        }
        lanes.set(instance.lane, instance.settings);
      }
    }
    return lanes;
  }

  /** @throws SluiceError if a lane has two handlers, or a handler has no method `handle`. */
  handlersOf(sluice: string): Map<string, DispatchHandler> {
    const handlers = new Map<string, DispatchHandler>();
    for (const { instance, type } of this.providers()) {
      const address = Reflect.getMetadata(LANE_HANDLER, type) as LaneAddress | undefined;
      if (address?.sluice !== sluice) {
        continue;
      }
      if (!isDispatchHandler(instance)) {
        throw new SluiceError('misconfigured', `${type.name} has no method "handle"`);
      }
      if (handlers.has(address.lane)) {
        throw new SluiceError('misconfigured', `lane ${address.lane} has two handlers`);
      }
      handlers.set(address.lane, instance);
    }
    return handlers;
  }

  listenersOf(sluice: string): FinishedListener[] {
    return this.providers().flatMap(({ instance, type }) =>
      this.scanner
        .getAllMethodNames(type.prototype as object)
        .map((name) => (instance as Record<string, unknown>)[name])
        .filter((method) => typeof method === 'function')
        .filter((method) => Reflect.getMetadata(FINISHED_LISTENER, method) === sluice)
        .map(
          (method): FinishedListener =>
            (list) =>
              method.call(instance, list) as unknown,
        ),
    );
  }

  /** Returns the singletons of all modules, each once. */
  private providers(): Provider[] {
    const found = new Map<object, Provider>();
    for (const wrapper of this.discovery.getProviders()) {
      const instance = wrapper.isDependencyTreeStatic() ? (wrapper.instance as unknown) : undefined;
      if (typeof instance === 'object' && instance !== null) {
        found.set(instance, { instance, type: instance.constructor as Type });
      }
    }
    return [...found.values()];
  }
}

function isDispatchHandler(instance: object): instance is DispatchHandler {
  return 'handle' in instance && typeof instance.handle === 'function';
}
