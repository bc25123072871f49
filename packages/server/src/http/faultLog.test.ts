import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../testing/until.ts';
import { createFaultLog } from './faultLog.ts';

function faultLog() {
  const lines: (readonly [level: string, facts: Record<string, unknown>])[] = [];
  const log = {
    error: (facts: object) => void lines.push(['error', { ...facts }]),
    warn: (facts: object) => void lines.push(['warn', { ...facts }]),
  };
  const faults = createFaultLog(log, { monotonicMs: () => performance.now(), quietMs: 50 });
  return {
    faults,
    lines,
    levels: async () => lines.map(([level, { fault }]) => `${level} ${String(fault)}`),
  };
}

describe('a fault', () => {
  test('is told once when it begins, and once with how often it was met when it is over', async () => {
    const { faults, lines, levels } = faultLog();
    for (let times = 0; times < 1000; times++) faults.note('away', { requestId: `id-${times}` });
    assert.deepEqual(lines, [['error', { fault: 'away', requestId: 'id-0' }]]);
    await until(levels, ['error away', 'warn away']);
    assert.equal(lines[1]?.[1]['count'], 1000);
    faults.note('away');
    await until(levels, ['error away', 'warn away', 'error away', 'warn away']);
  });

  test('is not over while it is met again and again', async () => {
    const { faults, lines } = faultLog();
    const endsAtMs = performance.now() + 300;
    while (performance.now() < endsAtMs) {
      faults.note('away');
      await new Promise(setImmediate);
    }
    assert.equal(lines.length, 1);
  });

  test('is apart from others', async () => {
    const { faults, levels } = faultLog();
    faults.note('one');
    faults.note('other');
    await until(levels, ['error one', 'error other', 'warn one', 'warn other']);
  });
});
