import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { MAX_TIMER_MS, Runtime, type Immediate, type Timer } from './runtime.js';

const NS_PER_MS = 1e6;

/**
 * Uses the machine. It looks up the global functions at each call: Jest's fake timers replace them, so they control
 * this runtime too.
 */
export class SystemRuntime extends Runtime {
  override wallMs(): number {
    return Date.now();
  }

  override monotonicMs(): number {
    return Number(process.hrtime.bigint()) / NS_PER_MS;
  }

  override setTimeout(callback: () => void, delayMs: number): Timer {
    return setTimeout(callback, Math.min(delayMs, MAX_TIMER_MS));
  }

  override clearTimeout(timer: Timer | undefined): void {
    clearTimeout(timer as NodeJS.Timeout | undefined);
  }

  override setInterval(callback: () => void, intervalMs: number): Timer {
    return setInterval(callback, Math.min(intervalMs, MAX_TIMER_MS));
  }

  override clearInterval(timer: Timer | undefined): void {
    clearInterval(timer as NodeJS.Timeout | undefined);
  }

  override setImmediate(callback: () => void): Immediate {
    return setImmediate(callback);
  }

  override clearImmediate(immediate: Immediate | undefined): void {
    clearImmediate(immediate as NodeJS.Immediate | undefined);
  }

  override random(): number {
    return Math.random();
  }

  override randomBytes(size: number): Buffer {
    return randomBytes(size);
  }

  override uuidV7(): string {
    return randomUUIDv7();
  }
}
