import type { ReactElement } from 'react';

export function Logo(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b6b7d" />
      <path d="M6 6v20M26 6v20" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <path d="M10 8h12v9H10z" fill="#ffd9a0" />
      <path
        d="M10 21q3-2.500 6 0t6 0M10 25q3-2.500 6 0t6 0"
        fill="none"
        stroke="#9fe7f2"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
