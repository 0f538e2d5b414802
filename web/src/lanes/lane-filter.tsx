import type { ReactElement } from 'react';
import { useAccess } from '../api/access.js';
import { Select } from '../ui/filters.js';
import { useChosenLane } from './lane.js';

/** Chooses the lane of a filter; shows nothing if there is one lane only. */
export function LaneFilter({ onChange }: { readonly onChange: (lane: string) => void }): ReactElement | null {
  const lane = useChosenLane();
  const { lanes } = useAccess();
  return lanes.length > 1 ? (
    <Select label="Lane" value={lane ?? ''} options={lanes.map((each) => [each, each])} onChange={onChange} />
  ) : null;
}
