import { Global, Module } from '@nestjs/common';
import { ShutdownState } from './shutdown-state.js';
import { EventLoopDelay } from './event-loop-delay.js';

/** Provides the state of the process to all modules: stopping, and the event loop delay. */
@Global()
@Module({ providers: [ShutdownState, EventLoopDelay], exports: [ShutdownState, EventLoopDelay] })
export class LifecycleModule {}
