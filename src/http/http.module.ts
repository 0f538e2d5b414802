import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AllowedMethods } from './allowed-methods.js';
import { ProblemFilter } from './problem.filter.js';

/** What every endpoint shares. */
@Module({
  providers: [
    AllowedMethods,
    {
      provide: APP_FILTER,
      inject: [AllowedMethods],
      useFactory: (allowedMethods: AllowedMethods) => new ProblemFilter(allowedMethods),
    },
  ],
})
export class HttpModule {}
