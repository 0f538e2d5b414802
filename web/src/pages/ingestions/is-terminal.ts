import type { Ingestion } from '../../api/types.js';

export function isTerminal({ status }: Ingestion): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
