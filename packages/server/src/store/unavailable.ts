/** Why a store cannot be opened: something that the person who starts the program has to mend. */

export type StoreUnavailableCode =
  | 'data_folder_in_use'
  | 'data_folder_missing'
  | 'data_folder_unusable'
  | 'schema_newer'
  | 'signing_key_unreadable';

export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly code: StoreUnavailableCode;

  constructor(code: StoreUnavailableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
