import { ExternalApi, type UpstreamResult, type UpstreamCall } from '../../src/external-api/external-api.js';

export interface SeenCall {
  readonly atMs: number;
  readonly ids: readonly bigint[];
}

type Script = (call: UpstreamCall) => Promise<readonly UpstreamResult[]>;

/** An upstream with the behaviour that the test sets; records the time and ids of each call. */
export class ScriptedApi extends ExternalApi {
  override readonly description = 'scripted';
  override readonly sharesKey = false;
  readonly calls: SeenCall[] = [];

  constructor(private script: Script = succeed) {
    super();
  }

  /** Sets the behaviour of later calls. */
  answerWith(script: Script): void {
    this.script = script;
  }

  override process(call: UpstreamCall): Promise<readonly UpstreamResult[]> {
    this.calls.push({ atMs: Date.now(), ids: call.ids });
    return this.script(call);
  }
}

/** Returns an upstream that never answers: each call stays in flight. */
export function silent(): ScriptedApi {
  return new ScriptedApi(() => new Promise(() => undefined));
}

export function succeed({ ids }: UpstreamCall): Promise<readonly UpstreamResult[]> {
  return Promise.resolve(ids.map((id) => ({ id, ok: true, data: 'processed' })));
}

export function succeedAfter(ms: number): Script {
  return async (call) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return succeed(call);
  };
}

export function refuseForGood({ ids }: UpstreamCall): Promise<readonly UpstreamResult[]> {
  return Promise.resolve(ids.map((id) => ({ id, ok: false, message: 'no such id', permanent: true })));
}
