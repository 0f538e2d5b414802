import { Module } from '@nestjs/common';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { Clients } from './clients.js';
import { WhoAmIController } from './who-am-i.controller.js';

/** Authentication and scopes. */
@Module({
  controllers: [WhoAmIController],
  providers: [{ provide: Authenticator, useClass: Clients }, AccessGuard],
})
export class SecurityModule {}
