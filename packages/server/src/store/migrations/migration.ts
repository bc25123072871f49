/** A step of the schema. Steps are only ever added: a store made by an earlier version is brought forward by those that it lacks. */

import type { EngineCapabilities } from '../capabilities.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** The statements, in order, run in one transaction with the note that they were. */
  statements(engine: EngineCapabilities): readonly string[];
}
