import { Global, Module } from '@nestjs/common';
import { ShutdownState } from './shutdown-state.js';
import { EventLoopDelay } from './event-loop-delay.js';

/** Starting, running and stopping, as every module needs to know it. */
@Global()
@Module({ providers: [ShutdownState, EventLoopDelay], exports: [ShutdownState, EventLoopDelay] })
export class LifecycleModule {}
