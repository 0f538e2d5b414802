import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AllowedMethods } from './allowed-methods.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';

/** Provides the HTTP parts that all endpoints share. */
@Module({ providers: [AllowedMethods, { provide: APP_FILTER, useClass: ProblemDetailsFilter }] })
export class HttpModule {}
