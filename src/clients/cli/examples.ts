import type { Command } from 'commander';

/**
 * Examples by the words of their command. The help of a group shows those of its commands. The help of every command
 * has at least one, which a test checks.
 */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  submit: [
    'sluice submit ids.txt --priority high --watch',
    "psql -Atc 'SELECT id FROM customer' | sluice submit - -p low --label job=nightly",
    'sluice submit orders.csv --column order_id -p medium --lane crm --not-before 2026-12-01T06:00:00Z',
    'sluice submit ids.txt -p low --dry-run',
  ],
  status: [
    'sluice status 01a20bac-68c5-753f-af21-41ce2bd8da89',
    'sluice status 01a20bac-68c5-753f-af21-41ce2bd8da89 --watch',
  ],
  list: [
    'sluice list --status failed --since 24h',
    "sluice list --json | jq -r '.ingestions[].ingestion_id'",
  ],
  results: [
    'sluice results 01a20bac-68c5-753f-af21-41ce2bd8da89 --status failed',
    'sluice results 01a20bac-68c5-753f-af21-41ce2bd8da89 --all > results.ndjson',
  ],
  dispatches: [
    'sluice dispatches --lane crm',
    'sluice dispatches 01a20bac-68c5-753f-af21-41ce2bd8da89 --limit 100',
  ],
  retries: ['sluice retries 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  find: ['sluice find 10000000000000000007'],
  priority: ['sluice priority 01a20bac-68c5-753f-af21-41ce2bd8da89 high'],
  cancel: ['sluice cancel 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  redrive: ['sluice redrive 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  delete: ['sluice delete 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  queue: ['sluice queue'],
  'queue show': ["sluice queue show --json | jq '.lanes | map_values(.held_by)'"],
  'queue next': ['sluice queue next --lane crm --limit 30'],
  'queue activity': ['sluice queue activity'],
  pause: ['sluice pause', 'sluice pause --lane crm'],
  resume: ['sluice resume', 'sluice resume --lane crm'],
  history: ['sluice history', 'sluice history --range month --lane crm --json'],
  health: ['sluice health', 'until sluice health; do sleep 1; done'],
  whoami: ['sluice whoami --api-key-file billing.key'],
  audit: [
    'sluice audit --action pause_lane --lane crm',
    'sluice audit --from 2026-11-24T00:00:00Z --client ops',
  ],
  backup: ['sluice backup'],
  'webhooks deliveries': [
    'sluice webhooks deliveries --state failed',
    'sluice webhooks deliveries --ingestion 01a20bac-68c5-753f-af21-41ce2bd8da89',
  ],
  'webhooks resend': ['sluice webhooks resend 01a20bac-7d11-72bf-90aa-5a4a1b7f2c10'],
  'webhooks secret': ['sluice webhooks secret --client billing'],
  'lanes list': ['sluice lanes'],
  'lanes show': ['sluice lanes show crm'],
  'lanes set': [
    'sluice lanes set crm --batch-size 10 --batch-delay 0.5',
    "sluice lanes set crm --limit 'calls=190 per=10' --limit 'ids=650000 per=day time_zone=Europe/Berlin'",
    'sluice lanes set crm --setting max_in_flight=25 --revert limits',
  ],
  'lanes create': [
    'sluice lanes create crm --upstream https://crm.example.com/contacts/{id} --token-file crm --batch-delay 1',
  ],
  'lanes retire': ['sluice lanes retire crm --pending drain'],
  'lanes test': ['sluice lanes test lanes.yaml --lane crm --ids 1,2,3 --answer answer.json'],
  'dead-letters list': ['sluice dead-letters --lane crm --upstream-status 503'],
  'dead-letters counts': ['sluice dead-letters counts --failed-from 2026-11-24T00:00:00Z'],
  'dead-letters export': [
    'sluice dead-letters export --label shop=berlin > failed.csv',
    "sluice dead-letters export --format ndjson --message 'no such id' | jq .id",
  ],
  'bulk plan': [
    'sluice bulk plan cancel --filter label=shop=berlin --filter status=yet_to_start',
    'sluice bulk plan reprioritize --priority HIGH --filter client=billing',
    'sluice bulk plan redrive --filter upstream_status=503 --filter failed_from=2026-11-24T00:00:00Z',
    "sluice bulk plan discard --filter lane=crm --filter 'message=no such id'",
  ],
  'bulk start': ['sluice bulk start 01a20bac-68c5-753f-af21-41ce2bd8da89 --watch'],
  'bulk watch': ['sluice bulk watch 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  'bulk stop': ['sluice bulk stop 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  'bulk show': ['sluice bulk show 01a20bac-68c5-753f-af21-41ce2bd8da89'],
  'bulk list': ['sluice bulk list'],
  serve: [
    'EXTERNAL_API_URL=https://api.example.com/items BATCH_SIZE=3 BATCH_DELAY=5 sluice serve',
    'sluice serve --check-config',
  ],
  'keys create': ['sluice keys create --file keys.json --client billing --scopes submit,read'],
  'keys revoke': ['sluice keys revoke 3f9a1c07 --file keys.json'],
  'keys list': ['sluice keys list --file keys.json'],
  'migrate-store': ['sluice migrate-store --from data --to postgres://user:password@host/sluice'],
  'completion bash': ["echo 'source <(sluice completion bash)' >> ~/.bashrc"],
  'completion zsh': ["echo 'source <(sluice completion zsh)' >> ~/.zshrc"],
  'completion fish': ['sluice completion fish > ~/.config/fish/completions/sluice.fish'],
};

/** Adds the examples to the help of each command. Call it after all commands were added. */
export function addExamples(program: Command): void {
  addTo(program, []);
}

/** Returns the examples of the command and of those below it. */
function addTo(command: Command, words: readonly string[]): string[] {
  const name = words.join(' ');
  const own = [...((EXAMPLES as Partial<typeof EXAMPLES>)[name] ?? [])];
  const below = command.commands.flatMap((each) => addTo(each, [...words, each.name()]));
  const shown = words.length === 0 ? toShortExamples() : [...own, ...below];
  if (shown.length > 0) {
    command.addHelpText('after', `\nExamples:\n${shown.map((line) => `  ${line}`).join('\n')}`);
  }
  return shown;
}

/** Returns the examples of the whole program: a few commands for a start. */
function toShortExamples(): string[] {
  return ['submit', 'status', 'queue', 'dead-letters counts'].flatMap(
    (name) => EXAMPLES[name]?.slice(0, 1) ?? [],
  );
}
