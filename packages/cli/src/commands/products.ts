import { products, type Resource, resources } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { writeJsonArray } from '../output/json.ts';
import { type Column, table } from '../output/table.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';

const catalogue = products.map((product) => ({
  ...product,
  resources: resources.filter(({ productType }) => productType === product.type),
}));

interface CatalogueRow {
  readonly type: number;
  readonly name: string;
  readonly resource: Resource;
}

const columns: readonly Column<CatalogueRow>[] = [
  { title: 'TYPE', value: ({ type }) => type, align: 'right' },
  { title: 'PRODUCT', value: ({ name }) => name },
  { title: 'RESOURCE', value: ({ resource }) => resource.id },
  { title: 'COUNTS', value: ({ resource }) => resource.counts },
  { title: 'DEFAULT', value: ({ resource }) => (resource.isDefault ? 'yes' : '') },
];

/** Adds `products`, which needs no server. */
export function addProductsCommand(program: Command, context: CommandContext): void {
  addCommand(program, 'products', {
    description: 'list the products of the catalogue with their resources',
    examples: ['seatledger products', 'seatledger products --json'],
  }).action(async ({ json = false }: { json?: boolean }) => {
    if (json) {
      await writeJsonArray(context, [
        catalogue.map(({ type, name, resources: ofProduct }) => ({
          type,
          name,
          resources: ofProduct.map(({ id, service, counts, isDefault }) => ({
            id,
            service,
            counts,
            isDefault,
          })),
        })),
      ]);
      return;
    }
    const rows = catalogue.flatMap(({ type, name, resources: ofProduct }) =>
      ofProduct.map((resource) => ({ type, name, resource })),
    );
    await write(context.stdout, table(rows, columns, context.stdout));
  });
}
