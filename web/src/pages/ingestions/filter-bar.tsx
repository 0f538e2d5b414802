import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useAccess, useHasScope } from '../../api/access.js';
import { PRIORITIES, STATUSES } from '../../api/types.js';
import { useChosenLane } from '../../lanes/lane.js';
import { Select, TextFilter, TimeFilter } from '../../ui/filters.js';
import { STATUS_NAMES } from '../../ui/status-badge.js';
import { PERIOD_NAMES, PERIODS, type IngestionSearch, type Period } from './ingestion-filter.js';

const BETWEEN = 'between';

/** Shows the filter of the list; each change is an entry in the browser's history. */
export function FilterBar({ search }: { readonly search: IngestionSearch }): ReactElement {
  const navigate = useNavigate({ from: '/ingestions' });
  const lane = useChosenLane();
  const { lanes, isKeyed } = useAccess();
  const isAdmin = useHasScope('admin');
  const set = (change: Partial<Record<keyof IngestionSearch | 'lane', unknown>>): void => {
    const next = { ...search, ...(lane !== null && { lane }), ...change };
    void navigate({ search: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')) });
  };
  const { status, priority, client, label = [], mark, since, from, to } = search;
  const isBetween = since === undefined && (from !== undefined || to !== undefined);
  const isFiltered = lane !== null || Object.keys(search).length > 0;
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
      <TextFilter
        label="Label"
        value=""
        placeholder="name=value"
        pattern="[A-Za-z][A-Za-z0-9_.\-]*=.+"
        title="name=value, for example team=growth"
        onChange={(value) => {
          if (value !== '') {
            set({ label: [...label.filter((each) => each !== value), value] });
          }
        }}
      />
      {label.map((each) => (
        <button
          key={each}
          type="button"
          className="filter-chip"
          aria-label={`Remove the label ${each}`}
          onClick={() => {
            const left = label.filter((other) => other !== each);
            set({ label: left.length === 0 ? '' : left });
          }}
        >
          {each} <span aria-hidden="true">×</span>
        </button>
      ))}
      {mark !== undefined && (
        <button
          type="button"
          className="filter-chip"
          aria-label={`Remove the mark ${mark}`}
          onClick={() => {
            set({ mark: '' });
          }}
        >
          mark {mark} <span aria-hidden="true">×</span>
        </button>
      )}
      {isFiltered && (
        <button type="button" className="button small" onClick={() => void navigate({ search: {} })}>
          Clear
        </button>
      )}
    </div>
  );
}
