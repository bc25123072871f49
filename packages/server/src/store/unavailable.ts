/** Why a store cannot be opened: something that the person who starts the program has to mend. */

export type StoreUnavailableCode =
  | 'backup_damaged'
  | 'data_folder_in_use'
  | 'data_folder_missing'
  | 'data_folder_unusable'
  | 'database_unreachable'
  | 'encryption_key_missing'
  | 'encryption_key_wrong'
  | 'export_damaged'
  | 'restore_unfinished'
  | 'migration_failed'
  | 'schema_newer'
  | 'schema_older'
  | 'signing_key_unreadable'
  | 'storage_full'
  | 'store_not_empty';

export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  readonly code: StoreUnavailableCode;

  constructor(code: StoreUnavailableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
