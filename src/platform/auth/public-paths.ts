/** Who may be asked without a key: whether the service lives, what it is, and the pages that then ask for a key. */
const OPEN =
  /^\/(?:$|health(?:$|\/)|docs(?:$|\/)|redoc(?:$|\/)|openapi\.json$|assets\/|favicon\.(?:ico|svg)$)/;

export function isOpen(path: string): boolean {
  return OPEN.test(path);
}
