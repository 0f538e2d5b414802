import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { AIMS, strike } from './aims.ts';
import { Client, type Moments } from './client.ts';
import { nowMs } from './clock.ts';
import type { Evidence } from './evidence.ts';
import { gather, type Scene } from './gather.ts';
import { isLimited, type Rounds } from './options.ts';
import type { Random } from './random.ts';
import { drawLimitsForRestarts, type LimitedTime } from './rate-limits.ts';
import type { ServiceProcess } from './service-process.ts';
import type { Pace } from './settings.ts';
import { Target } from './target.ts';

const CLIENTS = 4;
/** The longest outlasts a restart, so that the kept slot matters; 0 puts most ids in flight at once. */
const DELAYS_MS = [0, 80, 100, 100, 200, 800] as const;
const MAX_ANSWER_MS = 40;
const MAX_ANSWER_AT_THE_END_MS = 1;
const DIES_AT_THE_START = 0.1;
const MAX_START_MS = 500;

/** Plays the rounds of one mode: clients submit lists while the service is ended and restarted. */
export class Campaign {
  private readonly scene: Scene;
  private readonly random: Random;
  private readonly target = new Target();
  private readonly moments: Moments = new EventEmitter();
  private readonly clients: readonly Client[];
  private readonly limitedTimes: LimitedTime[] = [];

  constructor(scene: Scene, random: Random) {
    this.scene = scene;
    this.random = random;
    this.clients = Array.from(
      { length: CLIENTS },
      () => new Client(this.target, scene.ledger, this.moments, random.fork()),
    );
  }

  async play({ rounds, limitedEvery }: Rounds): Promise<Evidence> {
    const clientsDone = Promise.all(this.clients.map((client) => client.run()));
    this.scene.recorder.setTempo(MAX_ANSWER_MS);
    for (let round = 0; round < rounds; round++) {
      const { random } = this;
      await this.playRound(
        isLimited(round, limitedEvery) ? drawLimitsForRestarts(random) : random.pick(DELAYS_MS),
      );
    }
    return this.finish(clientsDone);
  }

  private async playRound(pace: Pace): Promise<void> {
    const { scene, random, moments } = this;
    const startedMs = nowMs();
    if (scene.signal === 'SIGKILL' && random.chance(DIES_AT_THE_START)) {
      const service = scene.processes.start(pace);
      await sleep(random.between(1, MAX_START_MS));
      service.signal(scene.signal);
      await this.end(service, pace, startedMs);
      return;
    }
    const { service, url } = await scene.processes.startReady(pace);
    this.target.moveTo(url);
    await strike(random.pick(AIMS), { ...scene, service, random, moments });
    await this.end(service, pace, startedMs);
    this.target.moveTo(null);
  }

  private async end(service: ServiceProcess, pace: Pace, startedMs: number): Promise<void> {
    await service.end();
    if (typeof pace !== 'number') {
      const [fromMs, toMs] = [startedMs, nowMs()];
      this.limitedTimes.push({ limits: pace, sentMs: fromMs, fromMs, toMs, endedMs: toMs });
    }
  }

  /** Starts one more process, without a limit, to bring everything to its end. */
  private async finish(clientsDone: Promise<unknown>): Promise<Evidence> {
    this.scene.recorder.setTempo(MAX_ANSWER_AT_THE_END_MS);
    const { service, url } = await this.scene.processes.startReady(0);
    this.clients.forEach((client) => {
      client.finish();
    });
    this.target.moveTo(url);
    await clientsDone;
    return { ...(await gather(this.scene, service, url)), limitedTimes: this.limitedTimes };
  }
}
