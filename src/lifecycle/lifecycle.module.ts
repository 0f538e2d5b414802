import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.js';

/** Starting and stopping, as every module needs to know it. */
@Global()
@Module({ providers: [Drain], exports: [Drain] })
export class LifecycleModule {}
