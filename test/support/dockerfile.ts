import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCKERFILE = join(import.meta.dirname, '../../Dockerfile');
/** The PATH of the base image. */
const BASE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the Dockerfile says about the start of the image. */
export interface Image {
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/** Reads the last stage of the Dockerfile. */
export function readDockerfile(): Image {
  const text = readFileSync(DOCKERFILE, 'utf8').replaceAll('\\\n', ' ');
  const stage = text.split(/^FROM /m).at(-1) ?? '';
  const read = (pattern: RegExp): string => {
    const [, found] = pattern.exec(stage) ?? [];
    if (found === undefined) {
      throw new Error(`the Dockerfile has no line like ${String(pattern)}`);
    }
    return found;
  };
  const variables = read(/^ENV (.*)$/m)
    .split(/\s+/)
    .map((word) => word.split('=') as [string, string]);
  return {
    version: read(/^ARG VERSION=(.*)$/m),
    environment: Object.fromEntries(
      variables.map(([name, value]) => [name, value.replace('$PATH', BASE_PATH)]),
    ),
    command: JSON.parse(read(/^CMD (.*)$/m)) as string[],
    healthCheck: JSON.parse(read(/^HEALTHCHECK .*CMD (.*)$/m)) as string[],
  };
}
