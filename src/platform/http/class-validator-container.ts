import { useContainer } from 'class-validator';

type Constraint = new () => object;

/** By default class-validator searches a list of all constraints for each value that it checks: here one look-up finds it. */
export function cacheConstraintInstances(): void {
  const instances = new Map<Constraint, object>();
  useContainer({
    get(constraint: Constraint) {
      const known = instances.get(constraint) ?? new constraint();
      instances.set(constraint, known);
      return known;
    },
  });
}
