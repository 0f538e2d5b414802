/** The lane of a request that names none. Each lane has its own pace, order, retries and pause. */
export const DEFAULT_LANE = 'default';
