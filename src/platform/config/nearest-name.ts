/** Names up to this length may have one wrong character, longer ones two. */
const SHORT_NAME_LENGTH = 7;

/** Returns the name that `given` is most likely a misspelling of; undefined if none is near. Case does not count. */
export function findNearest(given: string, names: readonly string[]): string | undefined {
  const word = given.toUpperCase();
  const [nearest] = names
    // The distance is at least the difference of the lengths. It is costly, and the start compares all variables.
    .filter((name) => Math.abs(name.length - word.length) <= maxDistance(name))
    .map((name) => ({ name, distance: editDistance(word, name.toUpperCase(), maxDistance(name)) }))
    .filter(({ name, distance }) => distance <= maxDistance(name))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest?.name;
}

function maxDistance(name: string): number {
  return name.length <= SHORT_NAME_LENGTH ? 1 : 2;
}

/**
 * Counts the characters to insert, delete, replace or swap with their neighbour (optimal string alignment,
 * https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance). Returns Infinity as soon as there must be more than `max`.
 */
function editDistance(a: string, b: string, max: number): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const isEqual = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (isEqual ? 0 : 1),
          isSwap ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
    if (Math.min(...row) > max) {
      return Infinity;
    }
  }
  return at(a.length, b.length);
}
