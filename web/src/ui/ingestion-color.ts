const DEGREES = 360;
/** So far apart at the least are the hues of lists that are seen together. */
const MIN_HUE_DISTANCE = 30;
/** So many lists are told apart: as many as there is room for around the circle. */
const MAX_REMEMBERED = DEGREES / MIN_HUE_DISTANCE - 1;

/** By ingestion, the one that was met last at the end. */
const hues = new Map<string, number>();

/**
 * The hue of an ingestion's mark: its own, from its id, unless one that was met lately has nearly the same. It stays
 * for as long as the page is open.
 */
export function colorHue(ingestionId: string): number {
  const known = hues.get(ingestionId);
  if (known !== undefined) {
    return known;
  }
  const taken = [...hues.values()].slice(-MAX_REMEMBERED);
  const own = Math.round((Number.parseInt(ingestionId.slice(-6), 16) % 0x1000) * (DEGREES / 0x1000));
  const steps = Array.from({ length: DEGREES }, (_, step) => (own + step) % DEGREES);
  const hue =
    steps.find((each) => taken.every((other) => distance(each, other) >= MIN_HUE_DISTANCE)) ?? // none: they are badly spread
    steps.find((each) => taken.every((other) => distance(each, other) >= MIN_HUE_DISTANCE / 2)) ??
    own;
  hues.set(ingestionId, hue);
  return hue;
}

function distance(a: number, b: number): number {
  const between = Math.abs(a - b) % DEGREES;
  return Math.min(between, DEGREES - between);
}
