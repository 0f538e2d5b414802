import type { Command } from 'commander';
import type { HealthResponse, LaneHealthResponse, WhoAmIResponse } from '../typescript/index.js';
import { listAudit, type AuditOptions } from './audit.command.js';
import { EXIT } from './cli-error.js';
import {
  addPageOptions,
  jsonOption,
  requestAndPrint,
  type CommandContext,
  type JsonOption,
} from './command-context.js';
import { joinTexts, toTable, type Styled, type Text } from './output.js';
import { formatAge, formatDuration } from './time-words.js';

/** Adds `health`, `whoami`, `audit` and `backup`. */
export function addServiceCommands(program: Command, context: CommandContext): void {
  program
    .command('health')
    .description('show whether the service is able to do its work; the exit code is 4 if not')
    .addOption(jsonOption())
    .action((options: JsonOption) =>
      requestAndPrint(context, options, (client) => client.GET('/health'), formatHealth),
    );
  program
    .command('whoami')
    .description('show the client of the key, its scopes and the lanes it may name')
    .addOption(jsonOption())
    .action((options: JsonOption) =>
      requestAndPrint(context, options, (client) => client.GET('/whoami'), formatCaller),
    );
  addPageOptions(program.command('audit'))
    .description('show who did what, when and from where, the newest first')
    .option('--from <time>', 'only acts at this time or later')
    .option('--to <time>', 'only acts at this time or earlier')
    .option('--client <client>', 'only acts of this client')
    .option('--action <action>', 'only acts of this kind')
    .option('-l, --lane <lane>', 'only acts on this lane')
    .option('--target <id>', 'only acts on this list')
    .addOption(jsonOption())
    .action(async ({ json, ...query }: AuditOptions & JsonOption) => {
      const [service, output] = await context.begin({ json });
      await listAudit(service, query, output);
      context.ended(EXIT.ok);
    });
  program
    .command('backup')
    .description('write a backup of the embedded store to the backup folder of the service')
    .addOption(jsonOption())
    .action((options: JsonOption) =>
      requestAndPrint(
        context,
        options,
        (client) => client.POST('/backup'),
        ({ file, bytes }) => `${file} (${String(bytes)} bytes)`,
      ),
    );
}

/** With authentication, only some keys are told more than the status. */
function formatHealth(health: HealthResponse): Text {
  const { status, version, store, replicas, uptime_seconds: uptime, lanes = {} } = health;
  const ofLanes = Object.entries(lanes);
  return joinTexts(
    [
      ['status      ', { text: status, style: status === 'healthy' ? 'green' : 'yellow' }],
      ...(version === undefined ? [] : [`version     ${version}`]),
      ...(store === undefined ? [] : [`store       ${store}`]),
      ...(replicas === undefined ? [] : [`replicas    ${String(replicas)}`]),
      ...(uptime === undefined ? [] : [`up          ${formatDuration(uptime)}`]),
      ...(ofLanes.length === 0 ? [] : ['', toTable([LANE_HEADER, ...ofLanes.map(toLaneRow)])]),
    ],
    '\n',
  );
}

const LANE_HEADER = ['LANE', 'BREAKER', 'UNWELL', 'SETTINGS', 'UPSTREAM'];

function toLaneRow([lane, health]: [string, LaneHealthResponse]): (string | Styled)[] {
  const { breaker, unwell_since: unwellSince, settings_differ: differ, upstream } = health;
  return [
    lane,
    { text: breaker, style: breaker === 'closed' ? 'green' : 'red' },
    unwellSince === null ? '-' : { text: formatAge(unwellSince), style: 'red' },
    differ ? { text: 'differ', style: 'yellow' } : 'same',
    upstream,
  ];
}

function formatCaller({ client, keys, scopes, lanes }: WhoAmIResponse): string {
  return [
    `client      ${client ?? (keys ? '-' : 'everyone: the service asks for no keys')}`,
    `scopes      ${scopes.join(', ')}`,
    `lanes       ${lanes.join(', ')}`,
  ].join('\n');
}
