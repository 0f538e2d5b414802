import { Global, Module } from '@nestjs/common';
import { Drain } from './shutdown-state.js';
import { EventLoopDelay } from './event-loop-delay.js';

/** Starting, running and stopping, as every module needs to know it. */
@Global()
@Module({ providers: [Drain, EventLoopDelay], exports: [Drain, EventLoopDelay] })
export class LifecycleModule {}
