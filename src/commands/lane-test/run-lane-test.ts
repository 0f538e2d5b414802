import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CliError, EXIT } from '../../clients/cli/cli-error.js';
import { parseIds } from '../../clients/cli/parse-ids.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { escapeControls, escapeLine } from '../../domain/printable-text.js';
import { toUpstream } from '../../external-api/http/to-upstream.js';
import { MalformedResponseError } from '../../external-api/json/malformed-response-error.ts';
import { readMapping } from '../../external-api/mapping/read-mapping.js';
import { ConfigError } from '../../platform/config/config-error.js';
import { Configuration, type LaneConfiguration } from '../../platform/config/configuration.js';
import { readLanesFile } from '../../platform/config/lane-config-file.js';
import type { LaneEntry } from '../../platform/config/lane-entry.js';
import { readVariables, type Environment } from '../../platform/config/read-variables.js';
import { LaneOptions } from '../../scheduler/lanes/lane.options.js';
import { EX_CONFIG } from '../ex-config.js';
import { parseSampleAnswer, type SampleAnswer } from './sample-answer.js';
import { formatOutcomes, formatRequests } from './test-lane.js';

export interface LaneTestOptions {
  readonly lane?: string;
  readonly ids: string;
  readonly answer?: string;
  readonly status: number;
}

export interface LaneTestResult {
  readonly exitCode: number;
  readonly out: string;
  /** One line; null if there is no error. */
  readonly error: string | null;
}

/** Runs `sluice lanes test`. It opens no connection. */
export async function runLaneTest(
  file: string | undefined,
  options: LaneTestOptions,
  environment: Environment,
): Promise<LaneTestResult> {
  let out = '';
  try {
    for await (const part of testLane(file, options, environment)) {
      out += escapeControls(part);
    }
    return { exitCode: EXIT.ok, out, error: null };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { exitCode: EX_CONFIG, out, error: escapeLine(error.message) };
    }
    if (error instanceof CliError) {
      return { exitCode: error.exitCode, out, error: escapeLine(error.message) };
    }
    throw error;
  }
}

async function* testLane(
  file: string | undefined,
  options: LaneTestOptions,
  environment: Environment,
): AsyncGenerator<string> {
  const { lane, entry } = findLane(file ?? environment['LANES_FILE'], options.lane, environment);
  const upstream = lane.read((variables) => toUpstream(variables, lane.name, readMapping));
  if (upstream === undefined) {
    throw new CliError(`lane ${lane.name} has no url: it uses the simulated API`, EXIT.usage);
  }
  const ids = parseIds(options.ids, '--ids');
  const laneOptions = lane.read((variables) => new LaneOptions(lane.name, variables));
  yield `# lane ${lane.name}\n${formatRequests(upstream, ids)}`;
  if (options.answer !== undefined) {
    const sample = await readAnswer(options.answer, options.status);
    try {
      yield `\n# answered with ${String(sample.status)}\n${await formatOutcomes(laneOptions, upstream, ids, sample)}\n`;
    } catch (error) {
      throw error instanceof MalformedResponseError ? toLocatedError(error, lane.name, entry) : error;
    }
  }
}

/** Names the file and the line of the setting that does not fit. */
function toLocatedError(
  { message, path }: MalformedResponseError,
  lane: string,
  entry: LaneEntry | undefined,
): CliError {
  const at = entry?.locate === undefined ? '' : `${entry.locate('EXTERNAL_API_ANSWER', path)}: `;
  return new CliError(`${at}lane ${lane}: ${message}`, EXIT.failed);
}

function findLane(
  file: string | undefined,
  name: string | undefined,
  environment: Environment,
): { readonly lane: LaneConfiguration; readonly entry: LaneEntry | undefined } {
  const entries = file === undefined || file === '' ? [] : readLanesFile(file, environment);
  const [only, ...more] = entries;
  const wanted = name ?? (only !== undefined && more.length === 0 ? only.name : DEFAULT_LANE);
  const entry = entries.find((each) => each.name === wanted);
  if (entry === undefined && (wanted !== DEFAULT_LANE || (name === undefined && entries.length > 0))) {
    const names = entries.map((each) => each.name).join(', ');
    throw new CliError(
      `name a lane with --lane; there are ${names === '' ? DEFAULT_LANE : names}`,
      EXIT.usage,
    );
  }
  const variables = readVariables(entry === undefined ? environment : {});
  const { lanes } = Configuration.of(variables, entry === undefined ? [] : [entry]);
  return { lane: lanes.find((each) => each.name === wanted) ?? lanes[0], entry };
}

async function readAnswer(path: string, status: number): Promise<SampleAnswer> {
  try {
    return parseSampleAnswer(path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8'), status);
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as Error).message}`, EXIT.usage, { cause: error });
  }
}
