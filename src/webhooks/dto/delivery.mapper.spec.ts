import { expect, it } from '@jest/globals';
import { claimed } from '../../../test/support/held-sender.js';
import { APPLICATION_URL } from '../application-receiver.js';
import { toDeliveryView } from './delivery.mapper.js';

it.each([
  ['https://example.com/hooks?key=secret', 'https://example.com/hooks'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
  [APPLICATION_URL, 'sluice://application/finished'],
])('A delivery to %s shows the URL %s', (url, shown) => {
  expect(toDeliveryView(claimed(1, { url })).url).toBe(shown);
});
