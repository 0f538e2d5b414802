import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useAccess } from '../../api/access.js';
import { compactQuery } from '../../api/client.js';
import { LaneFilter } from '../../lanes/lane-filter.js';
import { useChosenLane } from '../../lanes/lane.js';
import type { SearchChange } from '../../router-search.js';
import { FilterChip } from '../../ui/filter-chip.js';
import { LabelFilter, Select, TextFilter } from '../../ui/filters.js';
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
  const { isKeyed } = useAccess();
  const set = (change: SearchChange<DeadLetterSearch>): void => {
    void navigate({ search: compactQuery({ ...search, lane, ...change }) });
  };
  const { kind = '', message, status = '', client = '', label = '', ingestion, since = '' } = search;
  return (
    <div className="filters" role="group" aria-label="Filter">
      <LaneFilter
        onChange={(value) => {
          set({ lane: value });
        }}
      />
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
      <LabelFilter
        value={label}
        onChange={(value) => {
          set({ label: value });
        }}
      />
      {message !== undefined && (
        <FilterChip
          text={message}
          name={`message ${message}`}
          onRemove={() => {
            set({ message: '' });
          }}
        />
      )}
      {ingestion !== undefined && (
        <FilterChip
          text={`ingestion ${ingestion.slice(-4)}`}
          name={`ingestion ${ingestion}`}
          onRemove={() => {
            set({ ingestion: '' });
          }}
        />
      )}
      {(lane !== null || Object.keys(search).length > 0) && (
        <button type="button" className="button small" onClick={() => void navigate({ search: {} })}>
          Clear
        </button>
      )}
    </div>
  );
}
