import type { EngineCapabilities } from '../capabilities.ts';

export const sqliteCapabilities: EngineCapabilities = {
  integerType: 'integer',
  clusteredTable: 'strict, without rowid',
  table: 'strict',
  byteOrder: '',
};
