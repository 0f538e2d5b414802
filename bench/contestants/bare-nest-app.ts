/**
 * The framework's limit: Nest, Express and ValidationPipe as their documentation sets them up, with the two requests of
 * the gate, and nothing behind them. It stores nothing.
 */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Module, Param, Post, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ArrayNotEmpty, IsArray, IsIn, IsInt } from 'class-validator';

class IngestDto {
  @IsArray()
  @ArrayNotEmpty()
  @IsInt({ each: true })
  ids!: number[];

  @IsIn(['HIGH', 'MEDIUM', 'LOW'])
  priority!: string;
}

@Controller()
class BareController {
  @Post('ingest')
  @HttpCode(200)
  ingest(@Body() { ids }: IngestDto): { ingestion_id: string } | undefined {
    return ids.length > 0 ? { ingestion_id: randomUUID() } : undefined;
  }

  @Get('status/:ingestion_id')
  status(@Param('ingestion_id') ingestionId: string): object {
    const now = new Date().toISOString();
    return {
      ingestion_id: ingestionId,
      status: 'yet_to_start',
      batches: [
        { batch_id: '01a20bac-68c5-853f-af21-41ce2bd8da8a', ids: [1, 2, 3], status: 'yet_to_start' },
        { batch_id: '01a20bac-68c5-853f-af21-41ce2bd8da8b', ids: [4, 5], status: 'yet_to_start' },
      ],
      priority: 'LOW',
      created_at: now,
      last_updated_at: now,
    };
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

const app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
app.useBodyParser('json', { limit: '4mb' });
app.useGlobalPipes(new ValidationPipe());
await app.listen(0, '127.0.0.1');
console.log(`bare Nest listens on ${await app.getUrl()}`);
