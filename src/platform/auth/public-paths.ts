/** Who may be asked without a key: whether the service lives, what it is, and the pages that then ask for a key. */
const PUBLIC_PATHS =
  /^\/(?:$|health(?:$|\/)|docs(?:$|\/)|redoc(?:$|\/)|openapi\.json$|assets\/|favicon\.(?:ico|svg)$)/;

export function isPublicPath(path: string): boolean {
  return PUBLIC_PATHS.test(path);
}
