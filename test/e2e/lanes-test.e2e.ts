import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useCli } from '../support/cli.js';

const EXAMPLES = join(import.meta.dirname, '../../examples/vendors');
const NOWHERE = 'http://127.0.0.1:9';

describe('sluice lanes test', () => {
  const { inPipe } = useCli();

  it.each([
    [
      'hubspot',
      '{"status":"COMPLETE","results":[{"id":"2","properties":{"email":"b"}}]}',
      '2: completed, {"email":"b"}',
    ],
    ['zendesk', '{"users":[{"id":2,"name":"b"}],"count":1}', '2: completed, {"id":2,"name":"b"}'],
    [
      'shopify',
      '{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":100,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":40,"restoreRate":100.0}}}}',
      'the lane is held for 1 s',
    ],
    [
      'github',
      'HTTP/2 403\r\nx-ratelimit-remaining: 12\r\n\r\n{"message":"You have exceeded a secondary rate limit."}',
      'the lane is held for 60 s',
    ],
  ])('tries the example of %s with an answer from standard input', async (name, answer, line) => {
    const { child, ended } = inPipe(
      ['lanes', 'test', join(EXAMPLES, `${name}.yaml`), '--answer', '-'],
      NOWHERE,
    );
    child.stdin.end(answer);
    const { stdout, stderr, exitCode } = await ended;

    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toContain(line);
  });

  it('ends with 1 and one line where the mapping does not fit', async () => {
    const file = join(EXAMPLES, 'zendesk.yaml');
    const { child, ended } = inPipe(['lanes', 'test', file, '--answer', '-'], NOWHERE);
    child.stdin.end('{"user":[]}');

    expect(await ended).toMatchObject({
      exitCode: 1,
      stderr: `error: ${file}:10: lane zendesk: answer.results "users": gives nothing, and not a list\n`,
    });
  });
});
