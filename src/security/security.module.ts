import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
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
    AccessGuard,
  ],
})
export class SecurityModule {}
