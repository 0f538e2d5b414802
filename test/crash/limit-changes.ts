import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from './clock.ts';
import { ask } from './http-client.ts';
import { LIMITED_TIMEOUT_S, toSetting, type LimitedTime, type RateLimits } from './rate-limits.ts';
import type { Target } from './target.ts';

const AFTER_REFUSAL_MS = 20;
const GIVES_UP_MS = 60_000;

/** Changes the limits of the replicas while they run, over the API of any of them. */
export class LimitChanges {
  readonly times: LimitedTime[] = [];
  private current: Pick<LimitedTime, 'limits' | 'sentMs' | 'fromMs'> | null = null;

  /** Resolves when the replicas go by these limits; null stands for the delay of their environment. */
  async to(limits: RateLimits | null, replicas: readonly { readonly target: Target }[]): Promise<void> {
    if (limits === null && this.current === null) {
      return;
    }
    const sentMs = nowMs();
    await this.put(limits, replicas);
    const fromMs = nowMs();
    if (this.current !== null) {
      this.times.push({ ...this.current, toMs: sentMs, endedMs: fromMs });
    }
    this.current = limits === null ? null : { limits, sentMs, fromMs };
  }

  /** The store may be away: asks one replica after the other until the change is answered. */
  private async put(
    limits: RateLimits | null,
    replicas: readonly { readonly target: Target }[],
  ): Promise<void> {
    const settings =
      limits === null ? {} : { limits: toSetting(limits), batch_delay: 0, timeout: LIMITED_TIMEOUT_S };
    const deadlineMs = nowMs() + GIVES_UP_MS;
    let answer = '';
    for (let i = 0; nowMs() < deadlineMs; i++) {
      const url = await replicas[i % replicas.length]?.target.reachable();
      const reply = await ask({
        method: 'PUT',
        url: `${String(url)}/lanes/default`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      }).catch(() => null);
      if (reply?.status === 200) {
        return;
      }
      answer = reply === null ? 'the connection was lost' : `${String(reply.status)} ${reply.text}`;
      await sleep(AFTER_REFUSAL_MS);
    }
    throw new Error(`the limits of the replicas cannot be changed: ${answer}`);
  }
}
