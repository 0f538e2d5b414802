/** A common design: Nest in front of BullMQ, one job with a priority for each id. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Module, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Queue } from 'bullmq';
import { ArrayNotEmpty, IsArray, IsIn, IsInt } from 'class-validator';

const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'];
const queue = new Queue('ids', {
  connection: { host: '127.0.0.1', port: Number(process.env['REDIS_PORT']) },
});

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
    const opts = { priority: PRIORITIES.indexOf(priority) + 1 };
    await queue.addBulk(ids.map((id) => ({ name: 'id', data: { ingestionId, id }, opts })));
    return { ingestion_id: ingestionId };
  }
}

@Module({ controllers: [IngestController] })
class IngestModule {}

await queue.waitUntilReady();
const app = await NestFactory.create<NestExpressApplication>(IngestModule, { logger: false });
app.useGlobalPipes(new ValidationPipe());
app.useBodyParser('json', { limit: '4mb' });
await app.listen(0, '127.0.0.1');
console.log(`BullMQ listens on ${await app.getUrl()}`);
