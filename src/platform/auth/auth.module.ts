import { Module } from '@nestjs/common';
import { AccessGuard } from './scope.guard.js';
import { Authenticator } from './authenticator.js';
import { Clients } from './composite.authenticator.js';
import { WhoAmIController } from './whoami.controller.js';

/** Authentication and scopes. */
@Module({
  controllers: [WhoAmIController],
  providers: [{ provide: Authenticator, useClass: Clients }, AccessGuard],
})
export class SecurityModule {}
