/** An answer of an upstream, as a file holds it. */
export interface SampleAnswer {
  readonly status: number;
  /** Pairs of a name in lower case and a value, in order. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer<ArrayBuffer>;
}

const HEAD = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n/;

/**
 * Reads an answer: a body alone, or a whole response as `curl -i` prints it. Of several responses, such as a `100 Continue`
 * before the real one, the last one counts. `status` is that of a body alone.
 */
export function parseSampleAnswer(text: string, status: number): SampleAnswer {
  const plain = text.startsWith('HTTP/') ? text.replaceAll('\r\n', '\n') : text;
  const [head, code] = HEAD.exec(plain) ?? [];
  if (head === undefined) {
    return { status, headers: [], body: Buffer.from(text) };
  }
  const end = plain.indexOf('\n\n');
  const body = end === -1 ? '' : plain.slice(end + 2);
  if (HEAD.test(body)) {
    return parseSampleAnswer(body, status);
  }
  const lines = plain.slice(head.length, end === -1 ? undefined : end).split('\n');
  const headers = lines.flatMap((line) => {
    const [name, ...value] = line.split(':');
    return name === undefined || value.length === 0
      ? []
      : [[name.trim().toLowerCase(), value.join(':').trim()] as const];
  });
  return { status: Number(code), headers, body: Buffer.from(body) };
}
