import type { InjectionToken } from '@nestjs/common';
import { Sluice } from './sluice.js';

/** The name of a Sluice that was given none. */
export const DEFAULT_NAME = 'default';

/** Returns the token of a {@link Sluice}. */
export function sluiceToken(name: string): InjectionToken<Sluice> {
  return name === DEFAULT_NAME ? Sluice : `Sluice:${name}`;
}

/** Returns the token of a `SluiceLane`. */
export function laneToken(lane: string, sluice: string): string {
  return `SluiceLane:${sluice}:${lane}`;
}
