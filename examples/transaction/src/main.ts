// A Nest application without HTTP. It stores an order and submits the ids of its articles in one transaction of
// PostgreSQL: DATABASE_URL names the database.
import 'reflect-metadata';
import { Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { InjectLane, LaneHandler, Sluice, SluiceModule, type DispatchHandler, type SluiceLane } from 'sluice';

const databaseUrl = process.env.DATABASE_URL;

@LaneHandler('warehouse')
@Injectable()
class Warehouse implements DispatchHandler {
  async handle(ids: readonly bigint[]): Promise<void> {
    console.log(`the warehouse receives ${ids.join(', ')}`);
  }
}

@Injectable()
class Orders {
  private readonly pool = new pg.Pool({ connectionString: databaseUrl });

  constructor(@InjectLane('warehouse') private readonly warehouse: SluiceLane) {}

  async createTable(): Promise<void> {
    await this.pool.query('CREATE TABLE orders (id int PRIMARY KEY, list uuid NOT NULL)');
  }

  /** Stores the order and submits its articles: both, or nothing. */
  async place(order: number, articles: (number | bigint)[]): Promise<string> {
    const transaction = await this.pool.connect();
    try {
      await transaction.query('BEGIN');
      const { ingestionId } = await this.warehouse.submit(articles, { transaction });
      await transaction.query('INSERT INTO orders (id, list) VALUES ($1, $2)', [order, ingestionId]);
      await transaction.query('COMMIT');
      return ingestionId;
    } catch (error) {
      await transaction.query('ROLLBACK');
      throw error;
    } finally {
      transaction.release();
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.end();
  }
}

@Module({
  imports: [
    SluiceModule.forRoot({ databaseUrl, idempotencyByContent: false }),
    SluiceModule.registerLane({ name: 'warehouse', batchSize: 3, batchDelay: 0.1 }),
  ],
  providers: [Warehouse, Orders],
})
class AppModule {}

Logger.overrideLogger(['error']);
const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
const orders = app.get(Orders);
await orders.createTable();

async function end(ingestionId: string): Promise<void> {
  const sluice = app.get(Sluice);
  let list = await sluice.status(ingestionId);
  while (list.status !== 'completed') {
    await new Promise((resolve) => setTimeout(resolve, 100));
    list = await sluice.status(ingestionId);
  }
  console.log(`${list.completed} of ${list.total} ids completed`);
}

await end(await orders.place(7, [101, 102, 10000000000000000007n]));
// The list is submitted, then the order turns out to exist: nothing of the transaction is kept.
await orders.place(7, [103]).catch((error: Error) => {
  console.log(error.message);
});
await end(await orders.place(8, [104]));
await app.close();
