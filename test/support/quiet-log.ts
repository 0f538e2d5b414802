import { Logger } from '@nestjs/common';

// Suites of a store run without a service, whose logger would have the lines. A failed expectation says more.
Logger.overrideLogger(false);
