import { describe, expect, it } from '@jest/globals';
import { NO_OPTIONS, toFields } from './submit-options.js';

describe('The options of a submission', () => {
  it('are left out where nothing is typed', () => {
    expect(toFields(NO_OPTIONS)).toEqual({});
  });

  it('become the fields of the request', () => {
    expect(
      toFields({
        ...NO_OPTIONS,
        callbackUrl: ' https://example.com/hook ',
        labels: 'team=growth, note=a=b',
        notBefore: '2036-11-24T10:00',
      }),
    ).toEqual({
      callback_url: 'https://example.com/hook',
      labels: { team: 'growth', note: 'a=b' },
      not_before: new Date('2036-11-24T10:00').toISOString(),
    });
  });

  it.each(['team', '=x', 'team='])('refuse %j, which is not a label', (labels) => {
    expect(toFields({ ...NO_OPTIONS, labels })).toContain('is not a label');
  });
});
