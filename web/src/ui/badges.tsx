import type { ReactElement } from 'react';
import type { Id } from '../api/exact-json.js';
import type { Priority } from '../api/types.js';
import { PageLink } from '../lanes/page-link.js';
import { colorHue } from './ingestion-color.js';
import './badges.css';

const SHAPES: Readonly<Record<Priority, string>> = {
  HIGH: 'M6 1.5 11 10.500H1z',
  MEDIUM: 'M6 .8 11.200 6 6 11.200.8 6z',
  LOW: 'M2 4.500h8v3H2z',
};

/** Draws the shape of a priority, so that priorities differ by more than colour. */
export function PriorityShape({ priority }: { readonly priority: Priority }): ReactElement {
  return (
    <svg className="shape" viewBox="0 0 12 12" aria-hidden="true">
      <path d={SHAPES[priority]} fill="currentColor" />
    </svg>
  );
}

export function PriorityBadge({ priority }: { readonly priority: Priority }): ReactElement {
  return (
    <span className="badge" data-priority={priority}>
      <PriorityShape priority={priority} />
      {priority}
    </span>
  );
}

/** Shows one id with all its digits. */
export function IdChip({ id, priority }: { readonly id: Id; readonly priority: Priority }): ReactElement {
  const digits = String(id);
  return (
    <span className="chip" data-priority={priority} title={digits}>
      <PriorityShape priority={priority} />
      <span className="digits" data-long={digits.length > 14 ? '' : undefined}>
        {digits}
      </span>
    </span>
  );
}

/** Returns the end of an ingestion id; ids that were accepted at about the same time begin with the same digits. */
export function shortId(ingestionId: string): string {
  return ingestionId.slice(-4);
}

/** Marks an ingestion with the end of its id and its hue; links to its page unless `link` is false. */
export function IngestionTag({
  id,
  link = true,
}: {
  readonly id: string;
  readonly link?: boolean;
}): ReactElement {
  const content = (
    <>
      <span className="dot" style={{ '--hue': colorHue(id) }} aria-hidden="true" />
      <span className="digits">{shortId(id)}</span>
    </>
  );
  return link ? (
    <PageLink
      className="tag"
      to={`/ingestions/${id}`}
      title={`Ingestion ${id}`}
      aria-label={`Ingestion ${shortId(id)}`}
    >
      {content}
    </PageLink>
  ) : (
    <span className="tag" title={`Ingestion ${id}`}>
      {content}
    </span>
  );
}
