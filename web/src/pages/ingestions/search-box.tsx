import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { showToast } from '../../ui/toasts.js';
import { toSearchTarget } from './search-target.js';

/** Finds an ingestion by its id or mark, ingestions by a label, or the ingestions that have an id. */
export function SearchBox(): ReactElement {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const search = (event: SyntheticEvent): void => {
    event.preventDefault();
    const target = toSearchTarget(text);
    switch (target?.kind) {
      case 'ingestion':
        void navigate({ to: '/ingestions/$id', params: { id: target.id }, search: true });
        return;
      case 'label':
        void navigate({ to: '/ingestions', search: { label: [target.label] } });
        return;
      case 'mark':
        void navigate({ to: '/ingestions', search: { mark: target.mark } });
        return;
      case 'id':
        void navigate({ to: '/find/$id', params: { id: target.id }, search: true });
        return;
      case undefined:
        showToast('Enter an ingestion id, 4 or more of its characters, a label name=value, or an id', 'bad');
    }
  };
  return (
    <form className="row" role="search" onSubmit={search}>
      <input
        type="search"
        className="search"
        aria-label="Find an ingestion or an id"
        placeholder="ingestion, mark, label=value or id"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
      />
      <button type="submit" className="button">
        Find
      </button>
    </form>
  );
}
