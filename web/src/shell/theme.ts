export type Theme = 'system' | 'light' | 'dark';

const ITEM = 'sluice.theme';

export function currentTheme(): Theme {
  const kept = localStorage.getItem(ITEM);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function applyTheme(theme: Theme = currentTheme()): void {
  if (theme === 'system') {
    localStorage.removeItem(ITEM);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(ITEM, theme);
    document.documentElement.dataset.theme = theme;
  }
}
