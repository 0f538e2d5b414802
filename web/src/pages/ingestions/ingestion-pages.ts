import { api, apiKey, compactQuery, unwrap } from '../../api/client.js';
import type { IngestionSummary } from '../../api/types.js';
import { toIngestionQuery, type IngestionQuery, type IngestionSearch } from './ingestion-filter.js';
import { mergePage, type LoadedPage } from './merge-page.js';

const ROWS_PER_PAGE = 200;
/** Filters whose pages stay in memory, so that Back shows them at once. */
const MAX_CACHED = 5;

/** State of a list that is loaded page by page. */
export interface IngestionRows {
  readonly rows: readonly IngestionSummary[];
  /** True if one of the rows names its client. */
  readonly hasClients: boolean;
  /** True when the first page was loaded. */
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  /** True if older ingestions may follow. */
  readonly hasMore: boolean;
  /** Pages without a row since the last row was found. */
  readonly emptyPages: number;
  /** Error of the last request; null if it succeeded. */
  readonly error: unknown;
}

/**
 * Pages of the ingestions that match one filter. Unlike an infinite query it never loads all of them again: only the
 * pages on the screen are refreshed, so that its cost does not grow with the number of rows.
 */
export class IngestionPages {
  private pages: readonly LoadedPage[] = [];
  private state: IngestionRows = {
    rows: [],
    hasClients: false,
    isLoaded: false,
    isLoading: false,
    hasMore: true,
    emptyPages: 0,
    error: null,
  };
  private readonly listeners = new Set<() => void>();
  private isRefreshing = false;

  constructor(private readonly query: IngestionQuery) {}

  readonly getState = (): IngestionRows => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Loads the next page; does nothing while one is loaded or where none follows. */
  async loadNext(): Promise<void> {
    if (this.state.isLoading || !this.state.hasMore) {
      return;
    }
    this.set({ isLoading: true });
    try {
      const page = await this.read(this.pages.at(-1)?.next ?? null);
      this.pages = [...this.pages, page];
      this.set({
        rows: [...this.state.rows, ...page.rows],
        hasClients: this.state.hasClients || namesClients(page.rows),
        isLoaded: true,
        isLoading: false,
        hasMore: page.next !== null,
        emptyPages: page.rows.length === 0 ? this.state.emptyPages + 1 : 0,
        error: null,
      });
    } catch (error) {
      this.set({ error, isLoading: false });
    }
  }

  /**
   * Reads the pages with the rows `first` to `last` again. New rows are shown only if the first row is among them. An
   * error leaves the rows as they are.
   */
  async refresh(first: number, last: number): Promise<void> {
    if (this.isRefreshing || this.pages.length === 0) {
      return;
    }
    this.isRefreshing = true;
    try {
      let start = 0;
      let { hasClients } = this.state;
      for (const page of this.pages) {
        const end = start + page.rows.length;
        if ((end > first && start <= last) || (first === 0 && page.after === null)) {
          const fresh = await this.read(page.after);
          const merged = mergePage(page, fresh, page.after === null && first === 0);
          hasClients ||= namesClients(merged.rows);
          this.pages = this.pages.map((each) => (each === page ? merged : each));
        }
        start = end;
      }
      this.set({ rows: this.pages.flatMap(({ rows }) => rows), hasClients, error: null });
    } catch (error) {
      this.set({ error });
    } finally {
      this.isRefreshing = false;
    }
  }

  private async read(after: string | null): Promise<LoadedPage> {
    const { ingestions, next } = await unwrap(
      api.GET('/ingestions', {
        params: { query: compactQuery({ limit: ROWS_PER_PAGE, after, ...this.query }) },
      }),
    );
    return { after, rows: ingestions, next };
  }

  private set(change: Partial<IngestionRows>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => {
      listener();
    });
  }
}

function namesClients(rows: readonly IngestionSummary[]): boolean {
  return rows.some(({ client }) => client !== null);
}

const cache = new Map<string, IngestionPages>();
/** API key with which the cached pages were read. */
let cachedFor: string | null = null;

/**
 * Returns the pages of a filter: the same object for the same filter, as long as it is in memory. Another API key may
 * see other ingestions, so nothing is kept for it.
 */
export function pagesOf(search: IngestionSearch, lane: string | null): IngestionPages {
  if (apiKey.get() !== cachedFor) {
    cache.clear();
    cachedFor = apiKey.get();
  }
  const key = JSON.stringify([search, lane]);
  const pages = cache.get(key) ?? new IngestionPages(toIngestionQuery(search, lane, Date.now()));
  cache.delete(key);
  cache.set(key, pages);
  for (const [oldest] of cache) {
    if (cache.size <= MAX_CACHED) {
      break;
    }
    cache.delete(oldest);
  }
  return pages;
}
