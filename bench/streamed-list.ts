import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { pinned } from './settings.ts';

const SENDER = fileURLToPath(new URL('./list-sender.ts', import.meta.url));
const LINES_A_PIECE = 5000;
const STEP = 7;

export interface Answer {
  readonly ingestionId: string;
  readonly total: number;
}

/** Writes a file of `ids` lines from `firstId` on before sending, so that neither costs time during it. */
export async function writeList(file: string, ids: number, firstId: number): Promise<void> {
  await pipeline(Readable.from(lines(ids, firstId)), createWriteStream(file, { flush: true }));
}

/** Streams the file to the service from a separate process. */
export async function sendList(url: string, file: string): Promise<Answer> {
  const [program, ...args] = pinned('load', process.execPath, SENDER, url, file);
  const sender = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(sender.stdout), once(sender, 'close')]);
  if (sender.exitCode !== 0) {
    throw new Error(`the sender of the list ended with exit code ${String(sender.exitCode)}`);
  }
  const answer = JSON.parse(output) as { ingestion_id: string; total: number };
  return { ingestionId: answer.ingestion_id, total: answer.total };
}

function* lines(ids: number, firstId: number): Generator<string, void> {
  for (let first = 0; first < ids; first += LINES_A_PIECE) {
    const end = Math.min(first + LINES_A_PIECE, ids);
    let piece = '';
    for (let i = first; i < end; i++) {
      piece += `${String(firstId + i * STEP)}\n`;
    }
    yield piece;
  }
}
