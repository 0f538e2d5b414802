import { Option, type Command } from 'commander';
import { escapeLine } from '../../domain/printable-text.js';
import type { DeliveryState, DeliveryView } from '../typescript/index.js';
import { EXIT } from './cli-error.js';
import {
  addPageOptions,
  collectPages,
  jsonOption,
  printNext,
  requestAndPrint,
  type CommandContext,
  type JsonOption,
  type PageOptions,
} from './command-context.js';
import { toTable, type Style, type Styled } from './output.js';
import { styleBy } from './styles.js';
import { formatAge } from './time-words.js';

interface DeliveryOptions extends JsonOption, PageOptions {
  readonly state?: DeliveryState;
  readonly ingestion?: string;
}

const STYLES: Readonly<Record<DeliveryState, Style>> = { pending: 'cyan', delivered: 'green', failed: 'red' };

/** Adds `webhooks deliveries` and `webhooks resend`. */
export function addWebhookCommands(program: Command, context: CommandContext): void {
  const webhooks = program
    .command('webhooks')
    .description('show and resend webhooks, and show the secrets that sign them');
  addPageOptions(webhooks.command('deliveries'))
    .description('show webhooks and what came of them, the newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(Object.keys(STYLES)))
    .option('--ingestion <id>', 'only those of this ingestion')
    .addOption(jsonOption())
    .action(async ({ state, ingestion, ...options }: DeliveryOptions) => {
      const [service, output] = await context.begin(options);
      const filter = {
        ...(state !== undefined && { state }),
        ...(ingestion !== undefined && { ingestion_id: ingestion }),
      };
      const { items: deliveries, next } = await collectPages<DeliveryView>(options, async (page) => {
        const params = { query: { ...filter, ...page } };
        const answer = await service.unwrap(service.client.GET('/webhook-deliveries', { params }));
        return { items: answer.deliveries, next: answer.next };
      });
      output.print({ deliveries, next }, () => toTable([HEADER, ...deliveries.map(toRow)]));
      printNext('deliveries', next, output);
      context.ended(EXIT.ok);
    });
  webhooks
    .command('resend')
    .description('send a webhook that failed or was delivered again')
    .argument('<delivery_id>')
    .option('--ingestion <id>', 'the ingestion, which a key without the scope admin must name')
    .addOption(jsonOption())
    .action((id: string, { ingestion, ...options }: JsonOption & { ingestion?: string }) => {
      const params = {
        path: { delivery_id: id },
        ...(ingestion !== undefined && { query: { ingestion_id: ingestion } }),
      };
      return requestAndPrint(
        context,
        options,
        (client) => client.POST('/webhook-deliveries/{delivery_id}/resend', { params }),
        (delivery) => toTable([HEADER, toRow(delivery)]),
      );
    });
}

const HEADER = ['DELIVERY', 'INGESTION', 'EVENT', 'STATE', 'ATTEMPTS', 'ENDED', 'NEXT', 'LAST', 'URL'];

function toRow(delivery: DeliveryView): (string | Styled)[] {
  const {
    delivery_id: id,
    ingestion_id: ingestionId,
    type,
    state,
    attempts,
    next_attempt_at: next,
  } = delivery;
  const last = delivery.last_attempt;
  return [
    id,
    ingestionId,
    type,
    styleBy(STYLES, state),
    String(attempts),
    formatAge(delivery.ended_at),
    next === null ? '-' : formatAge(next),
    last === null ? '-' : escapeLine(last.error ?? `HTTP ${String(last.http_status)}`),
    escapeLine(delivery.url),
  ];
}
