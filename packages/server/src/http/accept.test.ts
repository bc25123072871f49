import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codingFor, mediaTypeFor } from './accept.ts';

const types = ['application/json', 'application/x-ndjson', 'text/csv'] as const;
const codings = ['zstd', 'br', 'gzip'] as const;

describe('of the media types there are, a client gets', () => {
  for (const [accept, expected] of [
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/x-ndjson, application/json;q=0.9', 'application/x-ndjson'],
    ['application/json;q=0.5, text/csv;q=0.6', 'text/csv'],
    ['application/json, text/csv', 'application/json'],
    // What is said of the type itself counts more than what is said of all.
    ['*/*, application/json;q=0.1', 'application/x-ndjson'],
    ['*/*;q=0.1, application/json;q=0', 'application/x-ndjson'],
    // Better something than nothing.
    ['text/html', 'application/json'],
    ['', 'application/json'],
    ['application/json;q=0', 'application/json'],
    ['text/csv;q=high', 'application/json'],
  ] as const) {
    test(`${expected} for ${accept ?? 'no Accept'}`, () => {
      assert.equal(mediaTypeFor(accept, types), expected);
    });
  }
});

describe('of the codings there are, a client gets', () => {
  for (const [acceptEncoding, expected] of [
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'br'],
    ['GZIP;q=0.5', 'gzip'],
    ['gzip;q=0', undefined],
    ['*', 'zstd'],
    ['*, zstd;q=0', 'br'],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['deflate', undefined],
  ] as const) {
    test(`${expected ?? 'none'} for ${acceptEncoding ?? 'no Accept-Encoding'}`, () => {
      assert.equal(codingFor(acceptEncoding, codings), expected);
    });
  }
});
