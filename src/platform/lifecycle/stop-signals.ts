/**
 * The signals that stop a service. A terminal that closes sends SIGHUP; SIGQUIT is Ctrl-\ and what some process managers
 * send to drain.
 */
export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
