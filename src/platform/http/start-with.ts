/**
 * Yields `first`, and then all of `others`. It takes `first` out of its array, because a generator keeps its parameters
 * in memory to its end: a long response would keep its first piece.
 */
export async function* startWith<T>(
  first: [T],
  others: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T, void> {
  yield* first.splice(0);
  yield* others;
}
