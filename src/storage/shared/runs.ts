/** Splits sorted items into runs: in a run, each item continues the one before it. */
export function splitIntoRuns<T>(
  items: readonly T[],
  continues: (item: T, previous: T) => boolean,
): readonly (readonly T[])[] {
  const runs: T[][] = [];
  let previous: T | undefined;
  for (const item of items) {
    const run = runs.at(-1);
    if (run !== undefined && previous !== undefined && continues(item, previous)) {
      run.push(item);
    } else {
      runs.push([item]);
    }
    previous = item;
  }
  return runs;
}
