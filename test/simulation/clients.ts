import { splitIntoBlocks } from '../../src/ingestion/streaming/id-block-packer.js';
import type { IngestionRecord } from '../../src/domain/ingestion.js';
import type { Dice } from './dice.js';
import type { KnownList, Ledger } from './ledger.js';
import type { ServiceProcess } from './service-process.js';
import type { World } from './world.js';

const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;
/** After this time without an answer a client tries again, or gives up. */
const PATIENCE_MS = 5000;
const MAX_TRIES = 8;
/** No more ids are submitted to a lane in which so many may be pending. */
const MAX_PENDING_IDS = 120;
/** A request of a process that lives and is not held up is answered within this time. */
const MAX_ANSWER_MS = 8000;
/** A staged list is longer than one chunk. */
const STREAM_IDS = 501;

interface ClientParts {
  readonly world: World;
  readonly ledger: Ledger;
  /** The process that listens now; null while none does. */
  readonly service: () => ServiceProcess | null;
  readonly lanes: readonly [string, ...string[]];
  readonly maxListIds: number;
}

/** The clients of the service. One act at a time begins, and each may take long. */
export class Clients {
  private readonly pausing = new Set<string>();

  constructor(private readonly parts: ClientParts) {}

  /** Does what a client does next. */
  act(): void {
    const { dice } = this.parts.world;
    const act = dice.next('client act');
    if (act < 0.45 && dice.happens('submit', 1)) {
      void this.submit();
    } else if (act < 0.75) {
      void this.readStatus();
    } else if (act < 0.8 && dice.happens('cancel', 0.6)) {
      void this.change('cancel');
    } else if (act < 0.86 && dice.happens('reprioritize', 0.8)) {
      void this.change('reprioritize');
    } else if (act < 0.92 && dice.happens('redrive', 0.8)) {
      void this.redrive();
    } else if (act < 0.95 && dice.happens('pause', 0.5)) {
      void this.pause();
    }
  }

  private get dice(): Dice {
    return this.parts.world.dice;
  }

  /** Submits a list until it is answered. All tries have the same content, so they are one list. */
  private async submit(): Promise<void> {
    const { ledger, lanes, maxListIds } = this.parts;
    const lane = this.dice.pick('client', lanes);
    const pending = ledger.lists.filter((list) => list.lane === lane && !list.mayBeGone);
    const open = pending.flatMap(({ ids }) => ids).filter((id) => !ledger.ends.has(id)).length;
    if (open > MAX_PENDING_IDS) {
      return;
    }
    const isStreamed = lane === 'fast' && this.dice.next('client') < 0.03;
    const size = isStreamed ? STREAM_IDS : this.dice.integer('client', 1, maxListIds);
    const list = ledger.newList(lane, this.dice.pick('client', PRIORITIES), size);
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const acceptance = await this.request('submit', (service) =>
        this.submitOnce(service, list, isStreamed),
      );
      if (acceptance !== null) {
        ledger.recordAcceptance(list, acceptance.ingestionId);
        return;
      }
      await this.parts.world.sleep(this.dice.between('client', 100, 4000));
    }
  }

  private submitOnce(
    service: ServiceProcess,
    { name, lane, priority, ids }: KnownList,
    isStreamed: boolean,
  ): Promise<{ readonly ingestionId: string }> {
    const fields = { lane, priority, client: null, idempotencyKey: name };
    return isStreamed
      ? service.streams.accept({ ...fields, blocks: splitIntoBlocks(ids) })
      : service.ingestions.accept({ ...fields, ids });
  }

  private async readStatus(): Promise<void> {
    const list = this.anyList();
    if (list === null || list.mayBeGone) {
      return;
    }
    const found = await this.request('status', async (service) => ({
      record: await service.store.ingestions.findById(list.ingestionId ?? ''),
    }));
    if (found !== null) {
      this.compareStatus(list, found.record);
    }
  }

  private compareStatus(list: KnownList, record: IngestionRecord | null): void {
    const { name } = list;
    if (list.mayBeGone) {
      return;
    }
    if (record === null) {
      this.parts.world.fail('kept', `the status of ${name} is unknown after its acceptance`);
    } else if (record.completed < list.toldCompleted) {
      this.parts.world.fail(
        'kept',
        `${name} tells ${String(record.completed)} completed after ${String(list.toldCompleted)}`,
      );
    } else {
      list.toldCompleted = record.completed;
    }
  }

  private async change(act: 'cancel' | 'reprioritize'): Promise<void> {
    const list = this.anyList();
    if (list !== null) {
      const priority = this.dice.pick('client', PRIORITIES);
      const { ingestionId } = list;
      const changed = await this.request(act, async ({ actions }) => {
        await (act === 'cancel'
          ? actions.cancel(ingestionId ?? '')
          : actions.reprioritize(ingestionId ?? '', priority));
        return true;
      });
      list.isCancelTold ||= act === 'cancel' && changed === true;
    }
  }

  private async redrive(): Promise<void> {
    const list = this.anyList();
    if (list !== null) {
      const { ledger } = this.parts;
      ledger.beginRedrive(list);
      list.isCancelTold = false; // the ids that failed before the cancellation go again
      await this.request('redrive', ({ deadLetters }) =>
        deadLetters.redriveIngestion(list.ingestionId ?? ''),
      );
      ledger.endRedrive(list);
    }
  }

  private async pause(): Promise<void> {
    const { ledger, lanes, world } = this.parts;
    const lane = this.dice.pick('client', lanes);
    if (this.pausing.has(lane)) {
      return; // one operator at a time pauses and resumes a lane
    }
    this.pausing.add(lane);
    const isPaused = await this.request('pause', async ({ store }) => {
      await store.queue.pause(lane);
      return true;
    });
    if (isPaused === true) {
      ledger.pausedLanes.add(lane);
    }
    await world.sleep(this.dice.between('client', 1000, 20_000));
    while (!(await this.resume(lane))) {
      await world.sleep(500);
    }
    this.pausing.delete(lane);
  }

  private async resume(lane: string): Promise<boolean> {
    this.parts.ledger.pausedLanes.delete(lane);
    const isResumed = await this.request('resume', async ({ store, queue, lanes }) => {
      await store.queue.resume(lane);
      queue.notifyArrival(lanes.get(lane));
      return true;
    });
    return isResumed === true;
  }

  /** Resolves with null if the request failed, or if nobody answered in time. */
  private async request<T>(what: string, ask: (service: ServiceProcess) => Promise<T>): Promise<T | null> {
    const { world, ledger } = this.parts;
    const service = this.parts.service();
    if (service === null) {
      return null;
    }
    const { stalledForMs } = world;
    const { runtime } = service.parts;
    const { suspendedForMs } = runtime;
    const { storeFailures } = ledger;
    const watch = world.after(MAX_ANSWER_MS, () => {
      const isHeldUp =
        world.stalledForMs > stalledForMs ||
        ledger.storeFailures > storeFailures ||
        runtime.suspendedForMs > suspendedForMs;
      if (service === this.parts.service() && !isHeldUp) {
        world.fail('never in the way', `a ${what} has no answer after ${String(MAX_ANSWER_MS)} ms`);
      }
    });
    try {
      const answered = await Promise.race([
        ask(service),
        world.sleep(PATIENCE_MS + MAX_ANSWER_MS).then(() => null),
      ]);
      world.tell(`${what} ${answered === null ? 'has no answer' : 'answered'}`);
      return runtime.isAlive ? answered : null;
    } catch (error) {
      world.tell(`${what} failed: ${String(error)}`);
      return null;
    } finally {
      watch();
    }
  }

  /** An accepted list, a new one rather than an old one. */
  private anyList(): KnownList | null {
    const known = this.parts.ledger.lists.slice(-40).filter(({ ingestionId }) => ingestionId !== null);
    return known[this.dice.integer('client', 0, known.length - 1)] ?? null;
  }
}
