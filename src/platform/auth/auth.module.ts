import { Module } from '@nestjs/common';
import { AccessMonitor } from './access-monitor.js';
import { ScopeGuard } from './scope.guard.js';
import { Authenticator } from './authenticator.js';
import { CompositeAuthenticator } from './composite.authenticator.js';
import { WhoAmIController } from './whoami.controller.js';

/** Authentication and scopes. */
@Module({
  controllers: [WhoAmIController],
  providers: [{ provide: Authenticator, useClass: CompositeAuthenticator }, AccessMonitor, ScopeGuard],
  exports: [AccessMonitor, Authenticator, ScopeGuard],
})
export class AuthModule {}
