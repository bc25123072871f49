import type { EngineCapabilities } from '../capabilities.ts';

export const sqliteCapabilities: EngineCapabilities = {
  integerType: 'integer',
  identityColumn: 'integer primary key',
  clusteredTable: 'strict, without rowid',
  table: 'strict',
  byteOrder: '',
};
