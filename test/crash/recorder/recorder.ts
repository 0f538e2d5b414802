import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keepChild } from '../children.ts';
import type { FromRecorder, Recording, ToRecorder, Trap } from './protocol.ts';

const PROGRAM = fileURLToPath(new URL('recorder-process.ts', import.meta.url));

type Kind = FromRecorder['kind'];
type Reply<K extends Kind> = Extract<FromRecorder, { readonly kind: K }>;

/** Controls the recording upstream in a separate process. Allows one pending question of each kind. */
export class Recorder {
  private readonly child: ChildProcess;
  private readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  /** Starts the recorder; `launch` names the program that runs it, if not Node.js alone. */
  static async start(
    seed: number,
    launch: Pick<ForkOptions, 'execPath' | 'execArgv'> = {},
  ): Promise<Recorder> {
    const child = fork(PROGRAM, [String(seed)], { ...launch, serialization: 'advanced' });
    keepChild(child);
    const { port } = await replyFrom(child, 'listening');
    return new Recorder(child, port);
  }

  /** Returns the URL for the default lane of one service process, so that each call shows which process made it. */
  urlFor(processNo: number): string {
    return `http://127.0.0.1:${String(this.port)}/process/${String(processNo)}`;
  }

  /** Returns the URL for another lane of that process. */
  urlForLane(processNo: number, lane: string): string {
    return `${this.urlFor(processNo)}/lane/${lane}`;
  }

  /** Makes the recorder kill the service process `pid` when the harness ends. */
  watch(pid: number): void {
    this.send({ kind: 'watch', pid });
  }

  unwatch(pid: number): void {
    this.send({ kind: 'unwatch', pid });
  }

  setTempo(longestDelayMs: number): void {
    this.send({ kind: 'tempo', longestDelayMs });
  }

  arm(trap: Trap): void {
    this.send({ kind: 'arm', trap });
  }

  /** Disarms the trap; resolves with whether it had sprung. */
  async disarm(): Promise<boolean> {
    const reply = replyFrom(this.child, 'disarmed');
    this.send({ kind: 'disarm' });
    return (await reply).hasSprung;
  }

  async countCalls(): Promise<number> {
    const reply = replyFrom(this.child, 'counted');
    this.send({ kind: 'count' });
    return (await reply).calls;
  }

  async dump(): Promise<Recording> {
    const reply = replyFrom(this.child, 'dumped');
    this.send({ kind: 'dump' });
    return (await reply).recording;
  }

  stop(): void {
    if (this.child.connected) {
      this.child.disconnect();
    }
  }

  private send(message: ToRecorder): void {
    this.child.send(message);
  }
}

function replyFrom<K extends Kind>(child: ChildProcess, kind: K): Promise<Reply<K>> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => {
      reject(new Error('the recorder has ended'));
    };
    const onMessage = (message: unknown): void => {
      if (isReply(message, kind)) {
        child.off('message', onMessage).off('exit', onExit);
        resolve(message);
      }
    };
    child.on('message', onMessage).once('exit', onExit);
  });
}

function isReply<K extends Kind>(message: unknown, kind: K): message is Reply<K> {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind;
}
