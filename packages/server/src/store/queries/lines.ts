/** The queries of subscription lines. */

import type { CustomerId, LicenceType, ProductType } from '@seatledger/contract';
import { sql } from 'kysely';
import type {
  LedgerReads,
  LedgerStore,
  LineDetails,
  LinePosition,
  SubscriptionLine,
} from '../../ledger/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { type HoldingKey, keyIn } from './holdingKey.ts';

type LineRow = Schema['lines'];

const linesOfHolding = statement<HoldingKey, LineRow>((db, { partnerId, customerId, productType }) =>
  db
    .selectFrom('lines')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .where('product_type', '=', productType),
);

const lineOfExternalId = statement<{ partnerId: number; externalId: string }, LineRow>(
  (db, { partnerId, externalId }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('external_id', '=', externalId),
);

const linesAfter = statement<HoldingKey & { lineId: number; limit: number }, LineRow>(
  (db, { partnerId, customerId, productType, lineId, limit }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where((the) =>
        the(
          the.refTuple('customer_id', 'product_type', 'line_id'),
          '>',
          the.tuple(customerId, productType, lineId),
        ),
      )
      .orderBy('customer_id')
      .orderBy('product_type')
      .orderBy('line_id')
      .limit(limit),
);

const insertLine = statement<LineRow, unknown>((db, row) =>
  db.insertInto('lines').values({
    partner_id: row.partner_id,
    customer_id: row.customer_id,
    product_type: row.product_type,
    line_id: row.line_id,
    resource: row.resource,
    seats: row.seats,
    starts_at: row.starts_at,
    start_given: row.start_given,
    expires_at: row.expires_at,
    source: row.source,
    external_id: row.external_id,
    licence_type: row.licence_type,
    pool_id: row.pool_id,
    details: row.details,
    changed_sequence: row.changed_sequence,
  }),
);

const deleteLine = statement<HoldingKey & { lineId: number }, unknown>(
  (db, { partnerId, customerId, productType, lineId }) =>
    db
      .deleteFrom('lines')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType)
      .where('line_id', '=', lineId),
);

const lineOfId = statement<{ partnerId: number; customerId: string; lineId: number }, LineRow>(
  (db, { partnerId, customerId, lineId }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('line_id', '=', lineId)
      .limit(sql.lit(1)),
);

const linesOfCustomerAfter = statement<HoldingKey & { lineId: number; limit: number }, LineRow>(
  (db, { partnerId, customerId, productType, lineId, limit }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where((the) => the(the.refTuple('product_type', 'line_id'), '>', the.tuple(productType, lineId)))
      .orderBy('product_type')
      .orderBy('line_id')
      .limit(limit),
);

/** Terms are no part of the key: a customer has few lines, and their number is bounded. */
const activeLinesOfCustomer = statement<{ partnerId: number; customerId: string; at: number }, LineRow>(
  (db, { partnerId, customerId, at }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('starts_at', '<=', at)
      .where((the) => the.or([the('expires_at', 'is', null), the('expires_at', '>', at)])),
);

const grantsAfter = statement<{ partnerId: number; poolId: number; after: number; limit: number }, LineRow>(
  (db, { partnerId, poolId, after, limit }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('pool_id', '=', poolId)
      .where('line_id', '>', after)
      .orderBy('line_id')
      .limit(limit),
);

/** Before every customer id, product type and line. */
const beforeAll = { customerId: '', productType: -1, lineId: 0 };

type LineStore = Pick<
  LedgerStore,
  'deleteLines' | 'insertLines' | 'lineOf' | 'linesAfter' | 'linesByExternalId' | 'linesOf'
>;

export function lineStore(connection: Connection): LineStore {
  return {
    linesOf: async (partnerId, holdings) =>
      (await connection.allOfMany(linesOfHolding, holdings.map(keyIn(partnerId)))).map(lineFromRow),
    lineOf: (partnerId, customerId, lineId) => oneLine(connection, { partnerId, customerId, lineId }),
    linesByExternalId: async (partnerId, externalIds) =>
      (
        await connection.allOfMany(
          lineOfExternalId,
          externalIds.map((externalId) => ({ partnerId, externalId })),
        )
      ).map(lineFromRow),
    linesAfter: async (partnerId, after, limit) => {
      const { customerId, productType, lineId } = after ?? beforeAll;
      return (await connection.all(linesAfter, { partnerId, customerId, productType, lineId, limit })).map(
        lineFromRow,
      );
    },
    insertLines: (partnerId, lines) =>
      connection.runMany(
        insertLine,
        lines.map((line) => lineToRow(partnerId, line)),
      ),
    deleteLines: (partnerId, lines) =>
      connection.runMany(
        deleteLine,
        lines.map((line: LinePosition) => ({ ...keyIn(partnerId)(line), lineId: line.lineId })),
      ),
  };
}

export function lineReads(
  connection: Connection,
): Pick<LedgerReads, 'activeLinesOf' | 'grantsAfter' | 'line' | 'linesOfCustomer'> {
  return {
    line: (partnerId, customerId, lineId) => oneLine(connection, { partnerId, customerId, lineId }),
    linesOfCustomer: async (partnerId, customerId, after, limit) => {
      const { productType, lineId } = after ?? beforeAll;
      return (
        await connection.all(linesOfCustomerAfter, { partnerId, customerId, productType, lineId, limit })
      ).map(lineFromRow);
    },
    activeLinesOf: async (partnerId, customerIds, at) =>
      (
        await connection.allOfMany(
          activeLinesOfCustomer,
          customerIds.map((customerId) => ({ partnerId, customerId, at })),
        )
      ).map(lineFromRow),
    grantsAfter: async (partnerId, poolId, after, limit) =>
      (await connection.all(grantsAfter, { partnerId, poolId, after, limit })).map(lineFromRow),
  };
}

async function oneLine(
  connection: Connection,
  key: { partnerId: number; customerId: string; lineId: number },
): Promise<SubscriptionLine | undefined> {
  const row = await connection.first(lineOfId, key);
  return row === undefined ? undefined : lineFromRow(row);
}

function lineFromRow(row: LineRow): SubscriptionLine {
  return {
    customerId: row.customer_id as CustomerId,
    productType: row.product_type as ProductType,
    lineId: row.line_id,
    resource: row.resource,
    seats: row.seats,
    startsAt: row.starts_at,
    startGiven: row.start_given === 1,
    expiresAt: row.expires_at,
    source: row.source,
    externalId: row.external_id,
    licenceType: row.licence_type as LicenceType,
    poolId: row.pool_id,
    details: JSON.parse(row.details) as LineDetails,
    changedSequence: row.changed_sequence,
  };
}

function lineToRow(partnerId: number, line: SubscriptionLine): LineRow {
  return {
    partner_id: partnerId,
    customer_id: line.customerId,
    product_type: line.productType,
    line_id: line.lineId,
    resource: line.resource,
    seats: line.seats,
    starts_at: line.startsAt,
    start_given: line.startGiven ? 1 : 0,
    expires_at: line.expiresAt,
    source: line.source,
    external_id: line.externalId,
    licence_type: line.licenceType,
    pool_id: line.poolId,
    details: JSON.stringify(line.details),
    changed_sequence: line.changedSequence,
  };
}
