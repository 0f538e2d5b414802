import { InvalidArgumentError, type Command } from 'commander';
import type { LaneResponse, LaneSettingResponse } from '../typescript/index.js';
import { EXIT } from './cli-error.js';
import type { CommandContext, JsonOption } from './command-context.js';
import { joinTexts, toTable, type Text } from './output.js';

interface SettingOptions extends JsonOption {
  readonly batchSize?: number;
  readonly batchDelay?: number;
  readonly limit?: readonly Limit[];
  readonly setting?: readonly string[];
}

interface SetOptions extends SettingOptions {
  readonly revert?: readonly string[];
  readonly ifVersion?: number;
}

interface CreateOptions extends SettingOptions {
  readonly upstream?: string;
  readonly tokenFile?: string;
}

interface RetireOptions extends JsonOption {
  readonly pending?: RetireMode;
}

const RETIRE_MODES = ['refuse', 'cancel', 'drain'] as const;

type RetireMode = (typeof RETIRE_MODES)[number];

type Limit = Readonly<Record<string, unknown>>;

const NUMBER = /^-?\d+(\.\d+)?$/;
/** Adds the commands of lanes: `lanes`, `lanes show`, `lanes set`, `lanes create` and `lanes retire`. */
export function addLaneCommands(program: Command, { begin, ended }: CommandContext): void {
  const lanes = program.command('lanes').description('show and change the settings of lanes');
  lanes
    .command('list', { isDefault: true })
    .description('show the pace of each lane')
    .option('--json', 'one line of JSON')
    .action(async (options: JsonOption) => {
      const [service, output] = await begin(options);
      output.print(await service.unwrap(service.client.GET('/lanes')), (answer) =>
        toTable([['LANE', 'VERSION', 'SIZE', 'DELAY', 'LIMITS'], ...answer.lanes.map(toRow)]),
      );
      ended(EXIT.ok);
    });
  lanes
    .command('show')
    .description('show each setting of a lane, and where it comes from')
    .argument('<lane>')
    .option('--json', 'one line of JSON')
    .action(async (lane: string, options: JsonOption) => {
      const [service, output] = await begin(options);
      const params = { path: { lane } };
      output.print(await service.unwrap(service.client.GET('/lanes/{lane}', { params })), formatLane);
      ended(EXIT.ok);
    });
  addSettingOptions(
    lanes
      .command('set')
      .description('change settings of a lane on all replicas; nothing leaves by the old ones afterwards')
      .argument('<lane>'),
  )
    .option('--revert <name>', 'take back what was changed of this setting; repeat it for more', add)
    .option('--if-version <version>', 'only if the settings still have this version', toNumber)
    .option('--json', 'one line of JSON')
    .action(async (lane: string, options: SetOptions) => {
      const [service, output] = await begin(options);
      const { ifVersion } = options;
      const changed = await service.unwrap(
        service.client.PATCH('/lanes/{lane}', {
          params: {
            path: { lane },
            ...(ifVersion !== undefined && { header: { 'If-Match': `"${String(ifVersion)}"` } }),
          },
          body: toChanges(options),
        }),
      );
      output.print(changed, formatLane);
      ended(EXIT.ok);
    });
  addLifecycleCommands(lanes, { begin, ended });
}

/** Adds `lanes create` and `lanes retire`. */
function addLifecycleCommands(
  lanes: Command,
  { begin, ended }: Pick<CommandContext, 'begin' | 'ended'>,
): void {
  addSettingOptions(
    lanes
      .command('create')
      .description('make a lane that does not exist, on all replicas')
      .argument('<lane>'),
  )
    .option('--upstream <url>', 'the URL of the upstream; without one, that of the service')
    .option('--token-file <name>', "the file of its token in the service's LANE_TOKEN_DIR")
    .option('--json', 'one line of JSON')
    .action(async (lane: string, options: CreateOptions) => {
      const [service, output] = await begin(options);
      const { upstream, tokenFile } = options;
      const params = { path: { lane }, header: { 'If-None-Match': '*' } };
      const body = {
        ...toChanges(options),
        ...(upstream !== undefined && { url: upstream }),
        ...(tokenFile !== undefined && { token_file: tokenFile }),
      };
      output.print(await service.unwrap(service.client.PUT('/lanes/{lane}', { params, body })), formatLane);
      ended(EXIT.ok);
    });
  lanes
    .command('retire')
    .description('retire a lane that was made over the API')
    .argument('<lane>')
    .option('--pending <refuse|cancel|drain>', 'the end of the pending ids', toRetireMode)
    .option('--json', 'one line of JSON')
    .action(async (lane: string, { pending, ...options }: RetireOptions) => {
      const [service, output] = await begin(options);
      const params = { path: { lane }, ...(pending !== undefined && { query: { pending } }) };
      output.print(
        await service.unwrap(service.client.DELETE('/lanes/{lane}', { params })),
        ({ lane: name }) => `${name} is being retired`,
      );
      ended(EXIT.ok);
    });
}

/** Adds the options that name settings. */
function addSettingOptions(command: Command): Command {
  return command
    .option('--batch-size <ids>', 'the number of ids in a dispatch', toNumber)
    .option('--batch-delay <seconds>', 'the time between two dispatches', toNumber)
    .option('--limit <limit>', "a limit such as 'calls=190 per=10'; repeat it for more", addLimit)
    .option('--setting <name=value>', 'any setting by its name in the lanes file; repeat it for more', add);
}

function toRow({ lane, version, settings }: LaneResponse): string[] {
  const shown = ['batch_size', 'batch_delay', 'limits'].map((name) => toText(settings[name]?.value ?? null));
  return [lane, String(version), ...shown];
}

function formatLane({ lane, version, settings }: LaneResponse): Text {
  const rows = Object.entries(settings).map(
    ([name, { value, source, base }]: [string, LaneSettingResponse]) => [
      name,
      toText(value),
      base === undefined ? source : `${source}, in place of ${toText(base.value)} (${base.source})`,
    ],
  );
  return joinTexts(
    [`${lane}, version ${String(version)}`, toTable([['SETTING', 'VALUE', 'FROM'], ...rows])],
    '\n',
  );
}

function toText(value: LaneSettingResponse['value']): string {
  return value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
}

function toChanges({
  batchSize,
  batchDelay,
  limit,
  setting = [],
  ...others
}: SettingOptions & Pick<SetOptions, 'revert'>): Limit {
  return {
    ...Object.fromEntries((others.revert ?? []).map((name) => [name, null])),
    ...Object.fromEntries(setting.map(toEntry)),
    ...(batchSize !== undefined && { batch_size: batchSize }),
    ...(batchDelay !== undefined && { batch_delay: batchDelay }),
    ...(limit !== undefined && { limits: limit }),
  };
}

function addLimit(text: string, before: readonly Limit[] = []): Limit[] {
  return [...before, Object.fromEntries(text.trim().split(/\s+/).map(toEntry))];
}

function add(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** @throws InvalidArgumentError if it is another word */
function toRetireMode(text: string): RetireMode {
  const mode = RETIRE_MODES.find((each) => each === text);
  if (mode === undefined) {
    throw new InvalidArgumentError(`must be one of ${RETIRE_MODES.join(', ')}.`);
  }
  return mode;
}

/** @throws InvalidArgumentError if it is no number: JSON would send it as null, which reverts a setting. */
function toNumber(text: string): number {
  if (!NUMBER.test(text)) {
    throw new InvalidArgumentError('must be a number.');
  }
  return Number(text);
}

/** @throws InvalidArgumentError if it is not `name=value`. */
function toEntry(text: string): [string, unknown] {
  const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError(`${text} is not name=value.`);
  }
  return [name, NUMBER.test(value) ? Number(value) : toBoolean(value)];
}

function toBoolean(value: string): unknown {
  return value === 'true' || value === 'false' ? value === 'true' : value;
}
