// A Nest application that syncs contacts with a CRM, which takes 3 ids every second.
// Sluice keeps the ids, holds the pace and retries; the application only writes `handle`.
import 'reflect-metadata';
import { Body, Controller, Injectable, Logger, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  InjectLane,
  LaneHandler,
  Sluice,
  SluiceModule,
  type DispatchContext,
  type DispatchHandler,
  type SluiceLane,
} from 'sluice';

@LaneHandler('crm')
@Injectable()
class CrmHandler implements DispatchHandler {
  async handle(ids: readonly bigint[], { lane }: DispatchContext): Promise<void> {
    console.log(`${lane} receives ${ids.join(', ')}`);
  }
}

@Injectable()
class Contacts {
  constructor(@InjectLane('crm') private readonly crm: SluiceLane) {}

  async sync(ids: number[]): Promise<string> {
    const { ingestionId } = await this.crm.submit(ids, { priority: 'HIGH' });
    return ingestionId;
  }
}

@Controller('contacts')
class ContactsController {
  constructor(private readonly contacts: Contacts) {}

  @Post('sync')
  async sync(@Body() { ids }: { ids: number[] }): Promise<{ ingestionId: string }> {
    return { ingestionId: await this.contacts.sync(ids) };
  }
}

@Module({
  imports: [
    SluiceModule.forRoot({ dataDir: process.env.DATA_DIR ?? 'data', http: { path: '/sluice' } }),
    SluiceModule.registerLane({ name: 'crm', batchSize: 3, batchDelay: 1 }),
  ],
  controllers: [ContactsController],
  providers: [CrmHandler, Contacts],
})
class AppModule {}

async function main(): Promise<void> {
  Logger.overrideLogger(['warn', 'error']);
  const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');

  const answer = await fetch(`${await app.getUrl()}/contacts/sync`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ids: [1, 2, 3, 4, 5] }),
  });
  const { ingestionId } = (await answer.json()) as { ingestionId: string };
  const sluice = app.get(Sluice);
  for (;;) {
    const { status, completed, total } = await sluice.status(ingestionId);
    if (status === 'completed') {
      console.log(`${completed} of ${total} ids completed`);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await app.close();
}

void main();
