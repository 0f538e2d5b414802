/** Writes the types of the client from the OpenAPI document of the built service: `npm run client:generate`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemaSource } from './client/schema-source.ts';
import { ServiceProcess } from './demo/service-process.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../src/clients/typescript/schema.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'sluice-client-'));
const service = await ServiceProcess.start({
  name: 'the service',
  command: [process.execPath, MAIN],
  environment: { HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder },
});
try {
  const document = await (await fetch(`${service.url}/openapi.json`)).text();
  writeFileSync(SCHEMA, await schemaSource(document));
} finally {
  await service.kill();
  rmSync(folder, { recursive: true, force: true });
}
