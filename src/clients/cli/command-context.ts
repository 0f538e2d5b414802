import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { escapeLine } from '../../domain/printable-text.js';
import type { ApiResult } from '../typescript/api-error.js';
import type { ApiClient } from './api-client.js';
import { EXIT, type ExitCode } from './cli-error.js';
import { toCount } from './option-values.js';
import type { Output, Text } from './output.js';

export interface JsonOption {
  readonly json?: boolean | undefined;
}

export interface PageOptions {
  readonly limit: number;
  readonly after?: string;
}

/** The parts of the program that its commands use. */
export interface CommandContext {
  /** Finds the service and the output that the options name. */
  readonly begin: (options: JsonOption) => Promise<[ApiClient, Output]>;
  /** Called with the exit code after a command that did not fail. */
  readonly ended: (exitCode: ExitCode) => void;
  /** Aborted when the user interrupts the program. */
  readonly signal: AbortSignal;
}

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

export function jsonOption(): Option {
  return new Option('--json', 'one line of JSON for each thing shown');
}

/** Adds the options of a command that shows a page. */
export function addPageOptions(command: Command): Command {
  return command
    .option('-n, --limit <count>', 'the maximum number', toCount, 20)
    .option('--after <cursor>', 'continue after an earlier page');
}

/** Adds a command about one ingestion. */
export function addIngestionCommand(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).argument('<ingestion_id>').addOption(jsonOption());
}

/** Sends one request and prints its response. */
export async function requestAndPrint<T>(
  { begin, ended }: CommandContext,
  options: JsonOption,
  request: (client: ApiClient['client']) => Promise<ApiResult<T>>,
  toText: (answer: T) => Text,
): Promise<void> {
  const [service, output] = await begin(options);
  output.print(await service.unwrap(request(service.client)), toText);
  ended(EXIT.ok);
}

/** Writes an answer to standard output as the service sends it, with little memory. */
export async function writeAnswer(
  service: ApiClient,
  output: Output,
  path: string,
  mediaType: string,
): Promise<void> {
  const { body } = await service.fetch(path, { headers: { Accept: mediaType } });
  if (body !== null) {
    await service.send(pipeline(Readable.fromWeb(body), output.out, { end: false }));
  }
}

/** Fetches pages until `limit` is reached: a page of the service may be short although others follow. */
export async function collectPages<T>(
  { limit, after }: PageOptions,
  fetchPage: (query: PageOptions) => Promise<Page<T>>,
): Promise<Page<T>> {
  const items: T[] = [];
  let next: string | null = after ?? null;
  do {
    const page = await fetchPage({ limit: limit - items.length, ...(next !== null && { after: next }) });
    items.push(...page.items);
    ({ next } = page);
  } while (next !== null && items.length < limit);
  return { items, next };
}

/** Says on standard error how the next page is printed, if there is one. */
export function printNext(things: string, next: string | null, { isJson }: Output): void {
  if (next !== null && !isJson) {
    process.stderr.write(`more ${things}: use --after ${escapeLine(next)}\n`);
  }
}
