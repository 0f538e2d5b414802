import { parseExact } from './exact-json.ts';
import { ask } from './http-client.ts';

interface Page {
  readonly dead_letters: readonly { readonly id: bigint }[];
  readonly next: string | null;
}

/** Reads the ids of all dead letters of the service. */
export async function readDeadLetters(url: string): Promise<Set<bigint>> {
  const ids = new Set<bigint>();
  let after = '';
  for (;;) {
    const { text } = await ask({ method: 'GET', url: `${url}/dead-letters?limit=1000${after}` });
    const page = parseExact(text) as Page;
    page.dead_letters.forEach(({ id }) => ids.add(id));
    if (page.next === null) {
      return ids;
    }
    after = `&after=${page.next}`;
  }
}
