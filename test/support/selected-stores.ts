/** The stores that the contract, upgrade and model suites can run against. */
const STORE_NAMES = ['sqlite', 'postgresql'] as const;

export type StoreName = (typeof STORE_NAMES)[number];

/**
 * Tells whether a suite runs against a store: all stores, or only those that the environment variable `STORES` names
 * (`STORES=sqlite npm run test:contract`).
 * @throws Error if `STORES` names a store that does not exist.
 */
export function isSelected(store: StoreName): boolean {
  const names = (process.env['STORES'] ?? STORE_NAMES.join(',')).split(',');
  const unknown = names.find((name) => !STORE_NAMES.some((known) => known === name));
  if (unknown !== undefined) {
    throw new Error(`STORES may name ${STORE_NAMES.join(' and ')}, not "${unknown}"`);
  }
  return names.includes(store);
}
