import type { StatisticsPeriod } from '../../operations/statistics/statistics.repository.js';

/** The tables of statistics by the length of their periods. */
export const HISTORY_TABLES: Readonly<Record<StatisticsPeriod, string>> = {
  minute: 'history',
  hour: 'history_hour',
};

export const HOUR_MS = 3_600_000;
