import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type RefObject,
} from 'react';

/** Returns the content width of an element in whole pixels and follows its changes; 0 until it is measured. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = element;
    if (current === null) {
      return;
    }
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.round(entry?.contentRect.width ?? 0));
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return width;
}

/** Calls `draw` on every animation frame while `isRunning`, and after every render; always the newest `draw`. */
export function useFrame(draw: (nowMs: number) => void, isRunning = true): void {
  const newest = useRef(draw);
  useEffect(() => {
    newest.current = draw;
    draw(performance.now()); // draws changes at once, even while no frames run
  });
  useEffect(() => {
    if (!isRunning) {
      return;
    }
    let frame = 0;
    const next = (): void => {
      newest.current(performance.now());
      frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [isRunning]);
}

/** Returns whether a media query matches, and follows its changes. */
export function useMedia(query: string): boolean {
  const media = useMemo(() => window.matchMedia(query), [query]);
  return useSyncExternalStore(
    useCallback(
      (changed) => {
        media.addEventListener('change', changed);
        return () => {
          media.removeEventListener('change', changed);
        };
      },
      [media],
    ),
    () => media.matches,
  );
}

/** Returns whether the window is too narrow for a table with many columns. */
export function useIsNarrow(): boolean {
  return useMedia('(width < 1080px)');
}

export function useReducedMotion(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}
