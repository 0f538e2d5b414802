import { useState, type ReactElement } from 'react';
import { applyTheme, currentTheme, type Theme } from './theme.js';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const NAMES: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };
const ICONS: Readonly<Record<Theme, string>> = {
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M19 5l-1.500 1.500M6.500 17.500 5 19',
  dark: 'M20 14.500A8 8 0 0 1 9.500 4 8 8 0 1 0 20 14.500z',
};

/** Switches the theme: system, light or dark. */
export function ThemeToggle(): ReactElement {
  const [theme, setTheme] = useState(currentTheme);
  const label = `Theme: ${NAMES[theme]}`;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => {
        applyTheme(NEXT[theme]);
        setTheme(NEXT[theme]);
      }}
    >
      <svg
        viewBox="0 0 24 24"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d={ICONS[theme]} />
      </svg>
    </button>
  );
}
