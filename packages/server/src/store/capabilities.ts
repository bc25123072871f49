/** Where the engines differ, by name. Each difference says what it changes. */

export interface EngineCapabilities {
  /** The type of a whole number of up to 53 bits. */
  readonly integerType: 'bigint' | 'integer';
  /** What follows the columns of a table whose rows lie in the order of its key; empty where tables are never kept so. */
  readonly clusteredTable: string;
  /** What follows the columns of any other table. */
  readonly table: string;
  /** Makes texts compare by their bytes, so that every process and both engines sort alike; empty where they do so anyway. */
  readonly byteOrder: string;
}
