/** The imports of one source file: static, `import type`, re-exports, `await import()`, `import('…').Type`, and `process.env`. */

import { dirname, join } from 'node:path/posix';
import { parseSync, Visitor } from 'oxc-parser';

export interface Import {
  readonly from: string;
  readonly line: number;
  /** What is written: a module, a relative path, or `process.env`. */
  readonly specifier: string;
  /** The file of ours that it means; undefined for everything else. */
  readonly to: string | undefined;
  /** A type leaves no trace at run time; a lazy import is loaded when it is reached. */
  readonly kind: 'value' | 'type' | 'lazy';
}

/** `from` is the file's path from the root of the repository. Throws where the text does not parse or an import is computed. */
export function importsOf(from: string, text: string): Import[] {
  const { program, errors } = parseSync(from, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${from}: ${errors[0].message}`);

  const found: Import[] = [];
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  function add(specifier: string, kind: Import['kind'], { start }: { start: number }) {
    found.push({ from, line: lineAt(start), specifier, to: target(from, specifier), kind });
  }

  new Visitor({
    ImportDeclaration(node) {
      const { value: specifier } = node.source;
      // `import { type T }` is a value import: type stripping leaves `import {}`, which loads the file.
      add(specifier, node.importKind ?? 'value', node);
      const env = node.specifiers.some(
        (it) => 'imported' in it && 'name' in it.imported && it.imported.name === 'env',
      );
      if (env && /^(node:)?process$/.test(specifier)) add('process.env', 'value', node);
    },
    ExportNamedDeclaration(node) {
      if (node.source !== null) add(node.source.value, node.exportKind ?? 'value', node);
    },
    ExportAllDeclaration(node) {
      add(node.source.value, node.exportKind ?? 'value', node);
    },
    ImportExpression(node) {
      if (node.source.type !== 'Literal' || typeof node.source.value !== 'string') {
        throw new SyntaxError(
          `${from}:${lineAt(node.start)}: a computed import hides its direction; name the module.`,
        );
      }
      add(node.source.value, 'lazy', node);
    },
    TSImportType(node) {
      add(node.source.value, 'type', node);
    },
    MemberExpression(node) {
      if (node.object.type !== 'Identifier' || node.object.name !== 'process') return;
      const { property } = node;
      if (property.type === 'Identifier' ? property.name === 'env' : node.computed)
        add('process.env', 'value', node);
    },
    VariableDeclarator(node) {
      if (node.init?.type === 'Identifier' && node.init.name === 'process') add('process.env', 'value', node);
    },
  }).visit(program);
  return found;
}

/** Workspace links end at a package's `src/index.ts`; a deep path stays visible as one, so that no rule allows it. */
function target(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const [scope, name, ...deep] = specifier.split('/');
  if (scope !== '@seatledger') return undefined;
  return `packages/${name}/${deep.length === 0 ? 'src/index.ts' : deep.join('/')}`;
}
