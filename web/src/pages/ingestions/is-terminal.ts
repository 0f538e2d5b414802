import type { Ingestion } from '../../api/types.js';

export function isOver({ status }: Ingestion): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
