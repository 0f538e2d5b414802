import type { Runtime } from '../domain/runtime.js';

/**
 * Reads the pages from `start` on, and yields what `map` makes of each one. While the consumer waits, for example for a
 * client that reads slowly, no page is in memory.
 */
export async function* mapPages<C, P extends { readonly next: C | null }, T>(
  runtime: Runtime,
  start: C | null,
  read: (from: C) => Promise<P>,
  map: (page: P) => T,
): AsyncGenerator<T, void> {
  // A local variable of this generator would keep the page while the consumer waits.
  const mapPage = async (from: C): Promise<{ readonly value: T; readonly next: C | null }> => {
    const page = await read(from);
    return { value: map(page), next: page.next };
  };
  for (let from = start; from !== null;) {
    // A fast reader never makes the stream wait for I/O; without this, other requests would wait for the whole
    // stream.
    await runtime.nextTurn();
    const mapped: { readonly value: T; readonly next: C | null } = await mapPage(from);
    yield mapped.value;
    from = mapped.next;
  }
}
