/** Paths that need no key: health, the API documents, and the dashboard, whose pages ask for a key themselves. */
const PUBLIC_PATHS =
  /^\/(?:$|health(?:$|\/)|docs(?:$|\/)|redoc(?:$|\/)|openapi\.json$|assets\/|favicon\.(?:ico|svg)$)/;

export function isPublicPath(path: string): boolean {
  return PUBLIC_PATHS.test(path);
}
