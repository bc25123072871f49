import type { EngineCapabilities } from '../capabilities.ts';

export const postgresCapabilities: EngineCapabilities = {
  integerType: 'bigint',
  clusteredTable: '',
  table: '',
  byteOrder: 'collate "C"',
};
