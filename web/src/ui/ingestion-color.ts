const DEGREES = 360;
/** Minimum distance in degrees between the hues of lists that are shown together. */
const MIN_HUE_DISTANCE = 30;
/** Number of recent hues that a new one keeps its distance from; one less than fit around the circle. */
const MAX_REMEMBERED = DEGREES / MIN_HUE_DISTANCE - 1;

/** Hues in degrees by ingestion id. */
const hues = new Map<string, number>();
/** The hues that were assigned last, the oldest first; a table may show 100,000 ingestions, so only these are compared. */
const recent: number[] = [];

/**
 * Returns the hue of an ingestion's mark, in degrees. It is derived from the id and shifted if a recently assigned
 * hue is too close. It stays the same as long as the page is open.
 */
export function colorHue(ingestionId: string): number {
  const known = hues.get(ingestionId);
  if (known !== undefined) {
    return known;
  }
  const own = Math.round((Number.parseInt(ingestionId.slice(-6), 16) % 0x1000) * (DEGREES / 0x1000));
  const hue = findFreeHue(own, MIN_HUE_DISTANCE) ?? findFreeHue(own, MIN_HUE_DISTANCE / 2) ?? own;
  hues.set(ingestionId, hue);
  recent.push(hue);
  recent.splice(0, recent.length - MAX_REMEMBERED);
  return hue;
}

/** Returns the first hue from `own` on that is at least `minDistance` away from the recent ones. */
function findFreeHue(own: number, minDistance: number): number | undefined {
  for (let step = 0; step < DEGREES; step += 1) {
    const hue = (own + step) % DEGREES;
    if (recent.every((other) => distance(hue, other) >= minDistance)) {
      return hue;
    }
  }
  return undefined;
}

function distance(a: number, b: number): number {
  const between = Math.abs(a - b) % DEGREES;
  return Math.min(between, DEGREES - between);
}
