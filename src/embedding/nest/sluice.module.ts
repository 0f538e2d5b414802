import {
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HostApplication } from './host-application.js';
import { Sluice } from './sluice.js';
import { SluiceLane } from './sluice-lane.js';
import { LaneRegistration, type LaneRegistrationOptions, type SluiceOptions } from './sluice.options.js';
import { DEFAULT_NAME, laneToken, sluiceToken } from './tokens.js';

export interface SluiceModuleOptions extends SluiceOptions {
  /** Needed only where an application has several; the default is `default`. */
  readonly name?: string;
}

export interface SluiceModuleAsyncOptions {
  /** Needed only where an application has several; the default is `default`. */
  readonly name?: string;
  readonly imports?: ModuleMetadata['imports'];
  /** The providers whose instances `useFactory` receives, in this order. */
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: FactoryProvider<SluiceOptions>['useFactory'];
}

/** Puts a Sluice into a Nest application. It affects nothing else of the application. */
@Module({})
export class SluiceModule {
  /** Adds a Sluice with these settings, for all modules of the application. */
  static forRoot({ name = DEFAULT_NAME, ...options }: SluiceModuleOptions = {}): DynamicModule {
    return SluiceModule.forRootAsync({ name, useFactory: () => options });
  }

  /** Adds a Sluice whose settings a factory makes, from providers of the application. */
  static forRootAsync({
    name = DEFAULT_NAME,
    imports = [],
    inject = [],
    useFactory,
  }: SluiceModuleAsyncOptions): DynamicModule {
    const options = `SluiceOptions:${name}`;
    return {
      module: SluiceModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [
        HostApplication,
        { provide: options, inject, useFactory },
        {
          provide: sluiceToken(name),
          inject: [options, HostApplication],
          useFactory: (given: SluiceOptions, host: HostApplication) => new Sluice(name, given, host),
        },
        provideLane('default', name),
      ],
      exports: [sluiceToken(name), laneToken('default', name)],
    };
  }

  /** Adds a lane. The module that imports it can inject it with `@InjectLane(name)`. */
  static registerLane({ name, sluice = DEFAULT_NAME, ...settings }: LaneRegistrationOptions): DynamicModule {
    return {
      module: SluiceModule,
      providers: [
        {
          provide: `SluiceLaneRegistration:${sluice}:${name}`,
          useValue: new LaneRegistration(sluice, name, settings),
        },
        provideLane(name, sluice),
      ],
      exports: [laneToken(name, sluice)],
    };
  }
}

function provideLane(lane: string, sluice: string): Provider {
  return {
    provide: laneToken(lane, sluice),
    inject: [sluiceToken(sluice)],
    useFactory: (owner: Sluice): SluiceLane => owner.lane(lane),
  };
}
