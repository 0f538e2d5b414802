import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { showToast } from '../../ui/toasts.js';
import { toSearchTarget } from './search-target.js';

/** Finds an ingestion by its id or mark, or ingestions by a label. */
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
      case undefined:
        showToast('Enter an ingestion id, 4 or more of its characters, or a label name=value', 'bad');
    }
  };
  return (
    <form className="row" role="search" onSubmit={search}>
      <input
        type="search"
        className="search"
        aria-label="Find an ingestion"
        placeholder="ingestion id, mark or label=value"
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
