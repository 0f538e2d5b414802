import { EventEmitter } from 'node:events';
import { Client } from './client.ts';
import { nowMs } from './clock.ts';
import type { Evidence, Trouble } from './evidence.ts';
import { gather, type Scene } from './gather.ts';
import type { Random } from './random.ts';
import type { ServiceProcess } from './service-process.ts';
import { Target } from './target.ts';

/** A place behind the load balancer: the target of its clients, and the process that serves it now. */
export interface Replica {
  readonly target: Target;
  service: ServiceProcess;
}

/** Several processes on one store, with the clients of each. */
export class ReplicaGroup {
  private readonly scene: Scene;
  private readonly random: Random;
  private readonly delayMs: number;
  private clients: readonly Client[] = [];
  private clientsDone: Promise<unknown> = Promise.resolve();

  constructor(scene: Scene, random: Random, delayMs: number) {
    this.scene = scene;
    this.random = random;
    this.delayMs = delayMs;
  }

  /** Resolves once all processes listen and their clients submit. */
  async start(count: number, clientsEach: number): Promise<[Replica, ...Replica[]]> {
    const others = Array.from({ length: count - 1 }, () => this.startReplica());
    const replicas = await Promise.all([this.startReplica(), ...others]);
    this.clients = replicas.flatMap(({ target }) =>
      Array.from(
        { length: clientsEach },
        () => new Client(target, this.scene.ledger, new EventEmitter(), this.random.fork()),
      ),
    );
    this.clientsDone = Promise.all(this.clients.map((client) => client.run()));
    return replicas;
  }

  /** Kills the process of a replica and starts another one in its place. */
  async replace(replica: Replica): Promise<void> {
    replica.target.moveTo(null);
    replica.service.signal('SIGKILL');
    await replica.service.end();
    await this.startIn(replica);
  }

  /** Stops the process of a replica in order and starts another one in its place; its clients wait. */
  async restart(replica: Replica): Promise<void> {
    replica.target.moveTo(null);
    await replica.service.stop();
    await this.startIn(replica);
  }

  /** Resolves once no client submits any more, and each list that was not abandoned has a response. */
  async finishClients(): Promise<void> {
    this.clients.forEach((client) => {
      client.finish();
    });
    await this.clientsDone;
  }

  /** Kills all processes; a last one takes over their dispatches, without a limit. */
  async finish(troubles: readonly Trouble[]): Promise<Evidence> {
    const fromMs = nowMs();
    await this.scene.processes.killAll();
    const killed: Trouble = { processNo: null, fromMs, toMs: nowMs() };
    const { service, url } = await this.scene.processes.startReady(0);
    return { ...(await gather(this.scene, service, url)), troubles: [...troubles, killed] };
  }

  private async startIn(replica: Replica): Promise<void> {
    const { service, url } = await this.scene.processes.startReady(this.delayMs);
    replica.service = service;
    replica.target.moveTo(url);
  }

  private async startReplica(): Promise<Replica> {
    const { service, url } = await this.scene.processes.startReady(this.delayMs);
    const target = new Target();
    target.moveTo(url);
    return { target, service };
  }
}
