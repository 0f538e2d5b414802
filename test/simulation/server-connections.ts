import { setImmediate as realTurn } from 'node:timers/promises';
import { Client } from 'pg';

/** A server that answers for longer than this hangs. */
const MAX_BUSY_MS = 30_000;

/** Is asked about the connections of one simulated process. */
export interface ConnectionListener {
  /** False once the process has ended: then it neither sends nor receives any more. */
  readonly isAlive: boolean;
  readonly isSuspended: boolean;
  whenResumed(callback: () => void): void;
  /** The time of the server, in ms since the epoch. */
  serverNowMs(): number;
  /** The process sends a COMMIT now. Returns how its connection ends at this moment; null if it goes on. */
  onCommit(): 'before' | 'after' | null;
}

interface PostgresConnection {
  readonly stream: { destroy(): void };
}

type Query = (this: Client, ...args: unknown[]) => Promise<unknown>;
type Callback = (error?: Error | null) => void;
type Act = (this: Client, callback?: Callback) => Promise<unknown> | undefined;

const original = {
  query: Reflect.get(Client.prototype, 'query') as unknown as Query,
  connect: Reflect.get(Client.prototype, 'connect') as unknown as Act,
  end: Reflect.get(Client.prototype, 'end') as unknown as Act,
};
/** By the name that the process gives to its connections, `application_name`. */
const listeners = new Map<string, ConnectionListener>();
const clients = new Map<string, Set<Client>>();
/** Queries and connects that the server has not answered. */
let unanswered = 0;
let lastAnswer = Promise.withResolvers<undefined>();

/** Follows the connections whose `application_name` is `name`. */
export function followConnections(name: string, listener: ConnectionListener): void {
  listeners.set(name, listener);
  clients.set(name, new Set());
}

/** Cuts the connections of a process that has ended. */
export function cutConnections(name: string): void {
  for (const client of clients.get(name) ?? []) {
    cut(client);
  }
  clients.delete(name);
}

/** Resolves when the server has answered everything, and what follows from it has settled. */
export async function untilAnswered(): Promise<void> {
  await realTurn();
  while (unanswered > 0) {
    lastAnswer = Promise.withResolvers();
    const timer = setTimeout(() => {
      lastAnswer.reject(new Error(`the server has not answered ${String(unanswered)} queries`));
    }, MAX_BUSY_MS);
    await lastAnswer.promise.finally(() => {
      clearTimeout(timer);
    });
    await realTurn();
  }
}

/**
 * Lets the listeners see what the processes send. Each transaction is told the time of the server first, in the setting
 * `simulation.now`. Must be called once, before any connection is opened.
 */
export function watchConnections(): void {
  Reflect.set(Client.prototype, 'query', function query(this: Client, ...args: unknown[]): Promise<unknown> {
    const listener = listenerOf(this);
    if (listener === undefined) {
      return Reflect.apply(original.query, this, args);
    }
    if (!listener.isAlive) {
      return never();
    }
    return listener.isSuspended ? sendLater(this, listener, args) : send(this, listener, args);
  });
  for (const name of ['connect', 'end'] as const) {
    Reflect.set(Client.prototype, name, function act(this: Client, callback?: Callback):
      Promise<unknown> | undefined {
      const listener = listenerOf(this);
      if (listener === undefined) {
        return Reflect.apply(original[name], this, callback === undefined ? [] : [callback]);
      }
      clients.get(nameOf(this))?.add(this);
      const isDone = listener.isAlive ? answered(listener, perform(this, original[name])) : never();
      if (callback === undefined) {
        return isDone;
      }
      void isDone.then(() => {
        callback();
      }, callback);
      return undefined;
    });
  }
}

/** Resolves when the connection is open, or closed. */
function perform(client: Client, act: Act): Promise<unknown> {
  return new Promise((resolve, reject) => {
    void Reflect.apply(act, client, [
      (error?: Error | null) => {
        if (error === undefined || error === null) {
          resolve(undefined);
        } else {
          reject(error);
        }
      },
    ]);
  });
}

/** Sends when the process is suspended no longer, in the order of all that it sends. */
function sendLater(client: Client, listener: ConnectionListener, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve) => {
    listener.whenResumed(() => {
      resolve(send(client, listener, args));
    });
  });
}

function send(client: Client, listener: ConnectionListener, args: readonly unknown[]): Promise<unknown> {
  const [text] = args;
  if (typeof text === 'string' && text.startsWith('BEGIN')) {
    const now = `SET simulation.now = '${listener.serverNowMs().toFixed(4)}'`;
    answered(listener, Reflect.apply(original.query, client, [now])).catch(() => undefined);
  }
  const ending = text === 'COMMIT' ? listener.onCommit() : null;
  if (ending === 'before') {
    cut(client);
  }
  const result = answered(listener, Reflect.apply(original.query, client, args));
  if (ending === 'after') {
    cut(client);
  }
  return result;
}

/** Passes an answer on if the process still runs when it arrives. */
async function answered(listener: ConnectionListener, answer: Promise<unknown>): Promise<unknown> {
  unanswered += 1;
  try {
    return await answer;
  } finally {
    unanswered -= 1;
    if (unanswered === 0) {
      lastAnswer.resolve(undefined);
    }
    if (!listener.isAlive) {
      await never();
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function cut(client: Client): void {
  (client as unknown as { readonly connection: PostgresConnection }).connection.stream.destroy();
}

function nameOf(client: Client): string {
  return (
    (client as unknown as { readonly connectionParameters: { readonly application_name?: string } })
      .connectionParameters.application_name ?? ''
  );
}

function listenerOf(client: Client): ConnectionListener | undefined {
  return listeners.get(nameOf(client));
}
