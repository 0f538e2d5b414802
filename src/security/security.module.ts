import { Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { Config } from '../config/config.js';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { isAccessLimited } from './access-config.js';
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
      provide: APP_GUARD,
      inject: [Config, IngestionRepository, Reflector],
      useFactory: ({ access }: Config, ingestions: IngestionRepository, reflector: Reflector) =>
        isAccessLimited(access) ? new AccessGuard(ingestions, reflector) : { canActivate: () => true },
    },
  ],
})
export class SecurityModule {}
