/** Paths that need no key: health, the API documents, and the dashboard, whose pages ask for a key themselves. */
const PUBLIC_PATHS =
  /^\/(?:$|health(?:$|\/)|docs(?:$|\/)|redoc(?:$|\/)|openapi\.json$|assets\/|favicon\.(?:ico|svg)$)/;

/** Public paths that answer a client with a key in more detail. */
const DETAILED_PATHS = /^\/health(?:$|\/)/;

export function isPublicPath(path: string): boolean {
  return PUBLIC_PATHS.test(path);
}

export function isDetailedPath(path: string): boolean {
  return DETAILED_PATHS.test(path);
}
