import { describe, expect, it } from '@jest/globals';
import { MappingError } from './mapping-error.js';
import { RequestTemplate } from './request-template.js';

const URL = 'https://api.example.com/items';
const VALUES = { ids: [1n, 10000000000000000007n], dispatchId: 'd-1', key: 'k-1' };

function render(settings: unknown, url = URL, values = VALUES) {
  return new RequestTemplate(settings, url, 'crm').render(values);
}

function refusalOf(settings: unknown, url = URL): MappingError {
  try {
    render(settings, url);
  } catch (error) {
    if (error instanceof MappingError) {
      return error;
    }
  }
  throw new Error('it was taken');
}

describe('A request template', () => {
  it.each([
    ['{{ids}}', '[1,10000000000000000007]'],
    ['{{ ids_text }}', '["1","10000000000000000007"]'],
    ['ids: {{ids}}', '"ids: 1,10000000000000000007"'],
    [{ inputs: [{ id: '{{id_text}}' }] }, '{"inputs":[{"id":"1"},{"id":"10000000000000000007"}]}'],
    [['{{id}}'], '[1,10000000000000000007]'],
    [['first', '{{id}}', 'last'], '["first",1,10000000000000000007,"last"]'],
    [[['{{id}}', 'a']], '[[1,10000000000000000007,"a"]]'],
    [['gid://shop/Product/{{id}}'], '["gid://shop/Product/1","gid://shop/Product/10000000000000000007"]'],
    [
      { all: '{{ids}}', lane: '{{lane}}', of: '{{dispatch_id}}', key: '{{key}}' },
      '{"all":[1,10000000000000000007],"lane":"crm","of":"d-1","key":"k-1"}',
    ],
    [
      { ids: '{{ids}}', n: 1.5, big: 10000000000000000007n, no: null, yes: true, quote: 'a"\n' },
      '{"ids":[1,10000000000000000007],"n":1.5,"big":10000000000000000007,"no":null,"yes":true,"quote":"a\\"\\n"}',
    ],
  ])('writes the body %j as %s', (json, body) => {
    expect(render({ json })).toEqual({ url: URL, body, headers: { 'content-type': 'application/json' } });
    expect(() => JSON.parse(body) as unknown).not.toThrow();
  });

  it.each([
    [{ ids: '{{ids}}' }, '?ids=1,10000000000000000007'],
    [{ 'id[]': ['{{id}}'], full: true }, '?id%5B%5D=1&id%5B%5D=10000000000000000007&full=true'],
    [{ q: 'id in ({{ids}}) & more' }, '?q=id%20in%20(1,10000000000000000007)%20%26%20more'],
  ])('writes the query %j as %s', (query, search) => {
    expect(render({ query })).toEqual({ url: `${URL}${search}`, body: '', headers: {} });
  });

  it('adds its query to that of the URL, where placeholders may be too', () => {
    expect(render({ query: { full: 1 } }, `${URL}?ids={{ids}}`).url).toBe(
      `${URL}?ids=1,10000000000000000007&full=1`,
    );
  });

  it('writes a form', () => {
    expect(render({ form: { ids: '{{ids}}', id: ['{{id}}'], by: 'a b' } })).toEqual({
      url: URL,
      body: 'ids=1%2C10000000000000000007&id=1&id=10000000000000000007&by=a+b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  it('writes headers, which may name another type for the body', () => {
    expect(
      render({ json: '{{ids}}', headers: { 'X-Key': '{{key}}', 'Content-Type': 'application/vnd.api+json' } })
        .headers,
    ).toEqual({ 'x-key': 'k-1', 'content-type': 'application/vnd.api+json' });
  });

  it.each([
    [{ json: { id: '{{id}}' } }, URL, true],
    [{ query: { id: '{{id}}' } }, URL, true],
    [{ headers: { 'X-Id': '{{id}}' }, json: ['{{id}}'] }, URL, true],
    [{}, `${URL}/{{id}}`, true],
    [{ json: ['{{id}}'] }, URL, false],
    [{ query: { id: ['{{id}}'] } }, URL, false],
    [{ json: { ids: '{{ids}}' } }, URL, false],
  ])('tells from %j at %s whether each id has a request of its own', (settings, url, isPerId) => {
    expect(new RequestTemplate(settings, url, 'crm').isPerId).toBe(isPerId);
  });

  it('repeats nothing where each id has a request of its own', () => {
    const settings = { json: { id: '{{id}}', list: ['{{id}}'] } };
    expect(render(settings, URL, { ...VALUES, ids: [7n] }).body).toBe('{"id":7,"list":[7]}');
  });

  it.each([
    [{}, [], 'holds no id: one of {{ids}}, {{ids_text}}, {{id}} and {{id_text}} must be in it'],
    [{ json: { all: ['{{idz}}'] } }, ['json', 'all', '0'], '{{idz}} is not known; did you mean {{ids}}?'],
    [{ jsn: '{{ids}}' }, ['jsn'], 'is not known; did you mean json?'],
    [{ json: '{{ids}}', form: { ids: '{{ids}}' } }, ['form'], 'cannot be set together with json'],
    [{ query: { ids: { of: 1 } } }, ['query', 'ids'], 'must be a text, a number, true or false'],
    [{ query: 'ids={{ids}}' }, ['query'], 'must hold settings by their names'],
    [{ headers: { 'X Y': '{{ids}}' } }, ['headers', 'X Y'], 'is no header, or its value is not valid'],
    [{ headers: { a: '{{ids}}', A: '1' } }, ['headers', 'A'], 'is set twice'],
  ])('of %j is refused with the place and the reason', (settings, path, message) => {
    expect(refusalOf(settings)).toMatchObject({ path, message });
  });
});
