import type { Command } from 'commander';

/** Adds `migrate-store`, which copies a stopped embedded store to PostgreSQL. */
export function addMigrateStoreCommand(program: Command): void {
  program
    .command('migrate-store')
    .description('copy the embedded store of a stopped service to PostgreSQL')
    .requiredOption('--from <folder>', 'the DATA_DIR of the stopped service')
    .requiredOption('--to <url>', 'postgres://user:password@host/database')
    .action(async ({ from, to }: { from: string; to: string }) => {
      const { migrateStore } = await import('./migrate-store.js');
      await migrateStore(from, to);
    });
}
