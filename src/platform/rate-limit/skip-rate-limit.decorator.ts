import { SetMetadata } from '@nestjs/common';

export const NOT_COUNTED_KEY = Symbol('not counted');

/** Asking here takes nothing from a client's limit. */
export const NotCounted = (): MethodDecorator & ClassDecorator => SetMetadata(NOT_COUNTED_KEY, true);
