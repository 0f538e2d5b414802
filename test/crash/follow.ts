import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from './clock.ts';
import type { StatusView } from './evidence.ts';
import { parseExact } from './exact-json.ts';
import { ask } from './http-client.ts';
import type { Submission } from './ledger.ts';
import type { Recorder } from './recorder/recorder.ts';
import { LIMITS, RETRY_MAX_MS } from './settings.ts';

const FOLLOWERS = 8;
const LOOK_AGAIN_MS = 100;
const ENDED: ReadonlySet<string> = new Set(['completed', 'failed']);

/** Polls each ingestion until it has ended; gives up when neither calls nor ended ingestions increase. */
export async function followToTheEnd(
  url: string,
  submissions: readonly Submission[],
  recorder: Recorder,
): Promise<Map<string, StatusView>> {
  const statuses = new Map<string, StatusView>();
  const progress = new Progress(recorder, () => statuses.size);
  const open = submissions.values();
  const follow = async (): Promise<void> => {
    for (const { ingestionId } of open) {
      if (ingestionId !== null) {
        const view = await lastStatus(`${url}/status/${ingestionId}`, progress);
        if (view !== null) {
          statuses.set(ingestionId, view);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: FOLLOWERS }, follow));
  await progress.rest();
  return statuses;
}

/** Resolves with the final status, or null if the service has stalled. */
async function lastStatus(url: string, progress: Progress): Promise<StatusView | null> {
  for (;;) {
    const reply = await ask({ method: 'GET', url }).catch(() => null);
    if (reply?.status === 200) {
      const view = parseExact(reply.text) as StatusView;
      if (ENDED.has(view.status)) {
        return view;
      }
    }
    if (await progress.hasStalled()) {
      return null;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Tracks whether the service still makes progress. */
class Progress {
  private readonly recorder: Recorder;
  private readonly countEnded: () => number;
  private seen = '';
  private changedMs = nowMs();
  private looking: Promise<void> | null = null;

  constructor(recorder: Recorder, countEnded: () => number) {
    this.recorder = recorder;
    this.countEnded = countEnded;
  }

  async hasStalled(): Promise<boolean> {
    await this.look();
    return nowMs() - this.changedMs > LIMITS.stallMs;
  }

  /** Resolves once calls have stopped, retries included. */
  async rest(): Promise<void> {
    const deadlineMs = nowMs() + LIMITS.stallMs;
    do {
      await sleep(LOOK_AGAIN_MS);
      await this.look();
    } while (nowMs() - this.changedMs < 2 * RETRY_MAX_MS && nowMs() < deadlineMs);
  }

  /** Shares one look among concurrent callers. */
  private async look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = null;
    });
    await this.looking;
  }

  private async lookOnce(): Promise<void> {
    const seen = `${String(await this.recorder.countCalls())} ${String(this.countEnded())}`;
    if (seen !== this.seen) {
      this.seen = seen;
      this.changedMs = nowMs();
    }
  }
}
