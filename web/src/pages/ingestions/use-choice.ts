import { useCallback, useState } from 'react';

export type Choose = (ids: readonly string[], isChosen: boolean) => void;

export interface Choice {
  /** Ids of the chosen ingestions. */
  readonly chosen: ReadonlySet<string>;
  readonly choose: Choose;
  readonly clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

/** Keeps the ingestions that the user chose; none are left when `scope`, such as the filter, is another one. */
export function useChoice(scope: unknown): Choice {
  const [state, setState] = useState({ scope, chosen: NONE });
  const chosen = state.scope === scope ? state.chosen : NONE;
  const choose = useCallback<Choose>(
    (ids, isChosen) => {
      setState((before) => {
        const next = new Set(before.scope === scope ? before.chosen : NONE);
        ids.forEach((id) => (isChosen ? next.add(id) : next.delete(id)));
        return { scope, chosen: next };
      });
    },
    [scope],
  );
  const clear = useCallback(() => {
    setState({ scope, chosen: NONE });
  }, [scope]);
  return { chosen, choose, clear };
}
