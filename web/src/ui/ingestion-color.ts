const DEGREES = 360;
/** Minimum distance in degrees between the hues of lists that are shown together. */
const MIN_HUE_DISTANCE = 30;
/** Number of recent hues that a new one keeps its distance from; one less than fit around the circle. */
const MAX_REMEMBERED = DEGREES / MIN_HUE_DISTANCE - 1;

/** Hues in degrees by ingestion id, in the order in which they were assigned. */
const hues = new Map<string, number>();

/**
 * Returns the hue of an ingestion's mark, in degrees. It is derived from the id and shifted if a recently assigned
 * hue is too close. It stays the same as long as the page is open.
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
    steps.find((each) => taken.every((other) => distance(each, other) >= MIN_HUE_DISTANCE)) ?? // or half of that
    steps.find((each) => taken.every((other) => distance(each, other) >= MIN_HUE_DISTANCE / 2)) ??
    own;
  hues.set(ingestionId, hue);
  return hue;
}

function distance(a: number, b: number): number {
  const between = Math.abs(a - b) % DEGREES;
  return Math.min(between, DEGREES - between);
}
