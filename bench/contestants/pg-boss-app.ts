/** A common design on PostgreSQL: Nest in front of pg-boss, one job with a priority for each id. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ArrayNotEmpty, IsArray, IsIn, IsInt } from 'class-validator';
import { PgBoss } from 'pg-boss';

const PRIORITIES = ['LOW', 'MEDIUM', 'HIGH'];
const boss = new PgBoss({ connectionString: process.env['DATABASE_URL'] ?? '', max: 10 });

class IngestDto {
  @IsArray()
  @ArrayNotEmpty()
  @IsInt({ each: true })
  ids!: number[];

  @IsIn(PRIORITIES)
  priority!: string;
}

@Controller()
class IngestController {
  @Post('ingest')
  @HttpCode(200)
  async ingest(@Body() { ids, priority }: IngestDto): Promise<{ ingestion_id: string }> {
    const ingestionId = randomUUID();
    const rank = PRIORITIES.indexOf(priority);
    await boss.insert(
      'ids',
      ids.map((id) => ({ data: { ingestionId, id }, priority: rank })),
    );
    return { ingestion_id: ingestionId };
  }
}

@Module({ controllers: [IngestController] })
class IngestModule {}

await boss.start();
await boss.createQueue('ids');
const app = await NestFactory.create<NestExpressApplication>(IngestModule, { logger: false });
app.useGlobalPipes(new ValidationPipe());
app.useBodyParser('json', { limit: '4mb' });
await app.listen(0, '127.0.0.1');
console.log(`pg-boss listens on ${await app.getUrl()}`);
