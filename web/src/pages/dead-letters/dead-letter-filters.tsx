import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useAccess } from '../../api/access.js';
import { useChosenLane } from '../../lanes/lane.js';
import { Select, TextFilter } from '../../ui/filters.js';
import { PERIOD_NAMES, PERIODS, type Period } from '../ingestions/ingestion-filter.js';
import type { DeadLetterSearch } from './dead-letter-filter.js';

/** Shows the filter of dead letters; each change is an entry in the browser's history. */
export function DeadLetterFilters({
  search,
  kinds,
}: {
  readonly search: DeadLetterSearch;
  readonly kinds: readonly string[];
}): ReactElement {
  const navigate = useNavigate({ from: '/dead-letters' });
  const lane = useChosenLane();
  const { lanes, isKeyed } = useAccess();
  const set = (change: Partial<Record<keyof DeadLetterSearch | 'lane', string>>): void => {
    const next = { ...search, ...(lane !== null && { lane }), ...change };
    void navigate({ search: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')) });
  };
  const { kind = '', message, status = '', client = '', label = '', ingestion, since = '' } = search;
  return (
    <div className="filters" role="group" aria-label="Filter">
      {lanes.length > 1 && (
        <Select
          label="Lane"
          value={lane ?? ''}
          options={lanes.map((each) => [each, each])}
          onChange={(value) => {
            set({ lane: value });
          }}
        />
      )}
      <Select
        label="Kind"
        value={kind}
        options={kinds.map((each) => [each, each])}
        onChange={(value) => {
          set({ kind: value });
        }}
      />
      <TextFilter
        label="HTTP status"
        value={status}
        placeholder="any"
        inputMode="numeric"
        pattern="[1-5]\d\d"
        title="from 100 to 599"
        onChange={(value) => {
          set({ status: value });
        }}
      />
      <Select
        label="Failed"
        allName="at any time"
        value={since}
        options={(Object.keys(PERIODS) as Period[]).map((each) => [each, PERIOD_NAMES[each]])}
        onChange={(value) => {
          set({ since: value });
        }}
      />
      {isKeyed && (
        <TextFilter
          label="Client"
          value={client}
          placeholder="any"
          onChange={(value) => {
            set({ client: value });
          }}
        />
      )}
      <TextFilter
        label="Label"
        value={label}
        placeholder="name=value"
        pattern="[A-Za-z][A-Za-z0-9_.\-]*=.+"
        title="name=value, for example team=growth"
        onChange={(value) => {
          set({ label: value });
        }}
      />
      {message !== undefined && (
        <button
          type="button"
          className="filter-chip"
          aria-label={`Remove the message ${message}`}
          onClick={() => {
            set({ message: '' });
          }}
        >
          {message} <span aria-hidden="true">×</span>
        </button>
      )}
      {ingestion !== undefined && (
        <button
          type="button"
          className="filter-chip"
          aria-label={`Remove the ingestion ${ingestion}`}
          onClick={() => {
            set({ ingestion: '' });
          }}
        >
          ingestion {ingestion.slice(-4)} <span aria-hidden="true">×</span>
        </button>
      )}
      {(lane !== null || Object.keys(search).length > 0) && (
        <button type="button" className="button small" onClick={() => void navigate({ search: {} })}>
          Clear
        </button>
      )}
    </div>
  );
}
