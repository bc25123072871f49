/** What the queries need of a connection, whichever engine is behind it. */

import type { Bindable, Statement } from './statement.ts';

export type ParametersOf<Parameters> = Parameters & Readonly<Record<string, Bindable>>;

export interface Connection {
  /**
   * Whether nobody else can change the store during a transaction on this connection. Then nothing has to be locked; where it is false,
   * others commit between any two statements, and what must stay as it was read is locked as it is read.
   */
  readonly hasOneWriter: boolean;
  all<Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: ParametersOf<Parameters>,
  ): Promise<Result[]>;
  first<Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: ParametersOf<Parameters>,
  ): Promise<Result | undefined>;
  /**
   * The row of a key. Each member of it is a text in every call, or a number in every call, and never null. Rows that are asked for in one turn of the event loop may be read by one query: the
   * statement takes no locks, and all keys cost alike.
   */
  firstByKey<Parameters, Result>(
    statement: Statement<Parameters, Result>,
    key: ParametersOf<Parameters>,
  ): Promise<Result | undefined>;
  run<Parameters, Result>(
    statement: Statement<Parameters, Result>,
    parameters: ParametersOf<Parameters>,
  ): Promise<void>;
  /** Every row that the statement gives for any of the parameters, in the order of these. */
  allOfMany<Parameters, Result>(
    statement: Statement<Parameters, Result>,
    many: readonly ParametersOf<Parameters>[],
  ): Promise<Result[]>;
  runMany<Parameters, Result>(
    statement: Statement<Parameters, Result>,
    many: readonly ParametersOf<Parameters>[],
  ): Promise<void>;
}
