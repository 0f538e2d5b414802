import { nowMs, spin } from '../clock.ts';
import { Random } from '../random.ts';
import {
  HEARTBEAT_MS,
  STALL_MS,
  type FromRecorder,
  type Stall,
  type ToRecorder,
  type Trap,
} from './protocol.ts';
import { Upstream } from './upstream.ts';

let trap: Trap | null = null;
let toPass = 0;
let hasSprung = false;
const watched = new Set<number>();
const stalls: Stall[] = [];

function pass(point: Trap['at']): void {
  if (trap?.at === point && toPass-- === 0) {
    spin(trap.spinMs);
    strike(trap.pid, trap.signal);
    trap = null;
    hasSprung = true;
  }
}

function strike(pid: number, signal: NodeJS.Signals): void {
  if (watched.has(pid)) {
    try {
      process.kill(pid, signal);
    } catch {
      // The process has already ended.
    }
  }
}

function keepHeartbeat(): void {
  let expectedMs = nowMs() + HEARTBEAT_MS;
  setInterval(() => {
    const beatMs = nowMs();
    if (beatMs - expectedMs > STALL_MS) {
      stalls.push({ fromMs: expectedMs - HEARTBEAT_MS, toMs: beatMs });
    }
    expectedMs = beatMs + HEARTBEAT_MS;
  }, HEARTBEAT_MS);
}

function send(message: FromRecorder): void {
  process.send?.(message);
}

const upstream = new Upstream(new Random(Number(process.argv[2])), pass);

function obey(message: ToRecorder): void {
  switch (message.kind) {
    case 'watch':
      watched.add(message.pid);
      break;
    case 'unwatch':
      watched.delete(message.pid);
      break;
    case 'tempo':
      upstream.longestDelayMs = message.longestDelayMs;
      break;
    case 'arm':
      ({ trap } = message);
      toPass = message.trap.skip;
      hasSprung = false;
      break;
    case 'disarm':
      trap = null;
      send({ kind: 'disarmed', hasSprung });
      break;
    case 'count':
      send({ kind: 'counted', calls: upstream.calls.length });
      break;
    case 'dump':
      send({ kind: 'dumped', recording: { calls: upstream.calls, stalls } });
      break;
  }
}

process.on('message', obey);
// Ctrl-C reaches the whole process group, but the recorder must outlive the harness to kill its processes.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => {
  for (const pid of watched) {
    strike(pid, 'SIGKILL');
  }
  process.exit(0);
});
keepHeartbeat();
upstream.listen((port) => {
  send({ kind: 'listening', port });
});
