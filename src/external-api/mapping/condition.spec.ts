import { describe, expect, it } from '@jest/globals';
import { Variables } from './answer-variables.js';
import { Condition, WaitExpression } from './condition.js';

const BODY = JSON.stringify({
  errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }, { message: 'other' }],
  extensions: { cost: { requested: 101, available: 1, rate: 50 } },
});

function variables(
  text: string | null = BODY,
  status = 200,
  headers: Record<string, string> = {},
): Variables {
  return new Variables(status, headers, text);
}

function holds(source: string, of = variables()): boolean {
  return Condition.ofAnswer(source, ['failed', 'when']).holds(of);
}

/** A list so long that a loop in a loop over it takes hours. */
const LONG = JSON.stringify({ list: Array.from({ length: 30_000 }, () => 1), text: 'a'.repeat(60) });

describe('A condition', () => {
  it.each([
    [
      "has(body.errors) && body.errors.exists(e, has(e.extensions) && e.extensions.code == 'THROTTLED')",
      true,
    ],
    ["body.errors.exists(e, e.?extensions.?code.orValue('') == 'NONE')", false],
    ['has(body.nothing)', false],
    ['body.extensions.cost.available < 10', true],
    ['status == 200 && size(body.errors) == 2', true],
    ["'retry-after' in headers", false],
    ['size(body.errors.filter(e, has(e.extensions))) == 1', true],
  ])('%s is %s', (source, expected) => {
    expect(holds(source)).toBe(expected);
  });

  it('sees the status, the headers, and a body that is not JSON as empty', () => {
    const of = variables(null, 403, { 'x-left': '0' });
    expect(holds("status == 403 && headers['x-left'] == '0' && !has(body.errors)", of)).toBe(true);
  });

  it('compares integers of any size exactly', () => {
    const of = variables('{"id":10000000000000000007}');
    expect(holds('body.id == 10000000000000000007u', of)).toBe(true);
    expect(holds('body.id == 10000000000000000008u', of)).toBe(false);
  });

  it('sees the result and the error of an id', () => {
    const condition = Condition.ofResult("error.code == 'GONE' && result.id == '5'", ['permanent']);
    const { status, headers, body } = variables();
    const of = { status, headers, body, result: { id: '5' }, error: { code: 'GONE' } };

    expect(condition.holds(of)).toBe(true);
    expect(condition.holds({ ...of, error: { code: 'BUSY' } })).toBe(false);
  });

  it.each([
    ['body.nothing.exists(e, true)', 'No such key: nothing'],
    ['body.errors[5].message == ""', 'No such key: index out of bounds, index 5 >= size 2'],
    [
      'body.errors',
      'gives [{"message":"Throttled","extensions":{"code":"THROTTLED"}},{…, and not true or false',
    ],
    ['body.extensions.cost.available - 1 > 0', 'no such overload: dyn<double> - int'],
  ])('%s does not fit, and says why', (source, why) => {
    expect(() => holds(source)).toThrow(
      expect.objectContaining({
        name: 'MalformedResponseError',
        message: `answer.failed.when ${JSON.stringify(source)}: ${why}`,
        path: ['failed', 'when'],
      }),
    );
  });

  it.each(['body.list.all(a, body.list.all(b, body.list.all(c, true)))', "body.text.matches('^(a+)+$b')"])(
    '%s is aborted, because it takes too long',
    (source) => {
      expect(() => holds(source, variables(LONG))).toThrow('takes more than 250 ms of processor time');
    },
  );

  it('is not aborted on a machine that gives it no processor time for longer than that', () => {
    const pausesMs = [400, 400];
    const body = {
      get errors() {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pausesMs.pop() ?? 0);
        return [{ code: 'THROTTLED' }];
      },
    };

    const condition = Condition.ofAnswer("body.errors.exists(e, e.code == 'THROTTLED')", ['failed', 'when']);

    expect(condition.holds({ status: 200, headers: {}, body })).toBe(true);
  });

  it.each([
    ['1 +', '"1 +": Unexpected token: EOF'],
    ['nope == 1', '"nope == 1": Unknown variable: nope'],
    ["status + 'a' == 5", `no such overload: int + string`],
    ['status', '"status": gives int, and not bool or dyn'],
    ['error == 1', '"error == 1": Unknown variable: error'],
    ['body.list.map(x, x) == []', 'map cannot be used here'],
    ['cel.bind(x, body, x == body)', 'bind cannot be used here'],
    ['fetch("http://a/")', 'fetch'],
    [`status == ${'1'.repeat(1000)}`, 'is longer than 1000 characters'],
    [`${'('.repeat(100)}true${')'.repeat(100)}`, 'Exceeded maxDepth (30)'],
    [Array.from({ length: 300 }, () => '1').join('+'), 'Exceeded max'],
  ])('%s is refused', (source, message) => {
    expect(() => Condition.ofAnswer(source, ['failed', 'when'])).toThrow(
      expect.objectContaining({
        name: 'MappingError',
        path: ['failed', 'when'],
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe('A wait', () => {
  it.each([
    ['(body.extensions.cost.requested - body.extensions.cost.available) / body.extensions.cost.rate', '2'],
    ["headers['retry-after']", '7.5'],
    ['60', '60'],
  ])('%s is %s', (source, wait) => {
    const of = variables(BODY, 200, { 'retry-after': '7.5' });
    expect(new WaitExpression(source, ['throttled', 'wait']).value(of)).toBe(wait);
  });

  it('that is no time does not fit', () => {
    const wait = new WaitExpression('body.errors', ['throttled', 'wait']);
    expect(() => wait.value(variables())).toThrow('and no time');
  });

  it('that can be no time is refused', () => {
    expect(() => new WaitExpression('status == 5', ['throttled', 'wait'])).toThrow(
      'gives bool, and not double or',
    );
  });
});
