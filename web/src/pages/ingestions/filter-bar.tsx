import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useAccess, useHasScope } from '../../api/access.js';
import { compactQuery } from '../../api/client.js';
import { PRIORITIES, STATUSES } from '../../api/types.js';
import { LaneFilter } from '../../lanes/lane-filter.js';
import { useChosenLane } from '../../lanes/lane.js';
import type { SearchChange } from '../../router-search.js';
import { FilterChip } from '../../ui/filter-chip.js';
import { LabelFilter, Select, TextFilter, TimeFilter } from '../../ui/filters.js';
import { STATUS_NAMES } from '../../ui/status-badge.js';
import { PERIOD_NAMES, PERIODS, type IngestionSearch, type Period } from './ingestion-filter.js';

const BETWEEN = 'between';

/** Shows the filter of the list; each change is an entry in the browser's history. */
export function FilterBar({ search }: { readonly search: IngestionSearch }): ReactElement {
  const navigate = useNavigate({ from: '/ingestions' });
  const lane = useChosenLane();
  const { isKeyed } = useAccess();
  const isAdmin = useHasScope('admin');
  const set = (change: SearchChange<IngestionSearch>): void => {
    void navigate({ search: compactQuery({ ...search, lane, ...change }) });
  };
  const { status, priority, client, label = [], mark, since, from, to } = search;
  const isBetween = since === undefined && (from !== undefined || to !== undefined);
  const isFiltered = lane !== null || Object.keys(search).length > 0;
  return (
    <div className="filters" role="group" aria-label="Filter">
      <LaneFilter
        onChange={(value) => {
          set({ lane: value });
        }}
      />
      <Select
        label="Status"
        value={status ?? ''}
        options={STATUSES.map((each) => [each, STATUS_NAMES[each]])}
        onChange={(value) => {
          set({ status: value });
        }}
      />
      <Select
        label="Priority"
        value={priority ?? ''}
        options={PRIORITIES.map((each) => [each, each])}
        onChange={(value) => {
          set({ priority: value });
        }}
      />
      <Select
        label="Accepted"
        allName="at any time"
        value={isBetween ? BETWEEN : (since ?? '')}
        options={[
          ...(Object.keys(PERIODS) as Period[]).map((each) => [each, PERIOD_NAMES[each]] as const),
          [BETWEEN, 'between …'],
        ]}
        onChange={(value) => {
          set(
            value === BETWEEN
              ? { since: '', from: new Date(Date.now() - PERIODS['24h']).toISOString() }
              : { since: value, from: '', to: '' },
          );
        }}
      />
      {isBetween && (
        <>
          <TimeFilter
            label="From"
            value={from}
            onChange={(value) => {
              set({ from: value });
            }}
          />
          <TimeFilter
            label="To"
            value={to}
            onChange={(value) => {
              set({ to: value });
            }}
          />
        </>
      )}
      {isKeyed && isAdmin && (
        <TextFilter
          label="Client"
          value={client ?? ''}
          placeholder="any"
          onChange={(value) => {
            set({ client: value });
          }}
        />
      )}
      <LabelFilter
        value=""
        onChange={(value) => {
          if (value !== '') {
            set({ label: [...label.filter((each) => each !== value), value] });
          }
        }}
      />
      {label.map((each) => (
        <FilterChip
          key={each}
          text={each}
          name={`label ${each}`}
          onRemove={() => {
            const left = label.filter((other) => other !== each);
            set({ label: left.length === 0 ? '' : left });
          }}
        />
      ))}
      {mark !== undefined && (
        <FilterChip
          text={`mark ${mark}`}
          name={`mark ${mark}`}
          onRemove={() => {
            set({ mark: '' });
          }}
        />
      )}
      {isFiltered && (
        <button type="button" className="button small" onClick={() => void navigate({ search: {} })}>
          Clear
        </button>
      )}
    </div>
  );
}
