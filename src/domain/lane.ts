/** The lane of whatever names none. Each lane has its own gate: pace, order, retries and pause. */
export const DEFAULT_LANE = 'default';
