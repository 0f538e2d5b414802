/**
 * Calls a service with JSON.
 * @throws Error with the answer, if its status is not 2xx.
 */
export async function callService(url: string, method: 'GET' | 'POST', body?: string): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body, headers: { 'Content-Type': 'application/json' } }),
  });
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${String(response.status)} ${await response.text()}`);
  }
  return response.json();
}
