import { Module } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Config } from '../config/config.js';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { Clients } from './clients.js';
import { WhoAmIController } from './who-am-i.controller.js';

/** Who may ask, and what. */
@Module({
  controllers: [WhoAmIController],
  providers: [
    {
      provide: Authenticator,
      inject: [Config],
      useFactory: ({ access }: Config) => new Clients(access),
    },
    {
      provide: AccessGuard,
      inject: [IngestionRepository, Reflector],
      useFactory: (ingestions: IngestionRepository, reflector: Reflector) =>
        new AccessGuard(ingestions, reflector),
    },
  ],
})
export class SecurityModule {}
