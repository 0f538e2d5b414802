import { Module } from '@nestjs/common';
import { ScopeGuard } from './scope.guard.js';
import { Authenticator } from './authenticator.js';
import { CompositeAuthenticator } from './composite.authenticator.js';
import { WhoAmIController } from './whoami.controller.js';

/** Authentication and scopes. */
@Module({
  controllers: [WhoAmIController],
  providers: [{ provide: Authenticator, useClass: CompositeAuthenticator }, ScopeGuard],
  exports: [Authenticator, ScopeGuard],
})
export class AuthModule {}
