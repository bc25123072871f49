/** Which methods the path of a URL takes. */

import findMyWay, { type Config, type HTTPVersion } from 'find-my-way';
import type { Route } from './route.ts';

/**
 * Asked for a URL that leads nowhere by the method of its request: undefined where no operation has that path.
 *
 * It is looked up by the framework's own router, so that a URL is read in one way, but in a table of its own. The framework has one for each
 * method: to refuse some thirty methods there would take two thousand routes, and making them a tenth of a start.
 */
export function methodsOfPaths(
  routes: readonly Route[],
  router: Config<HTTPVersion.V1>,
): (url: string) => readonly string[] | undefined {
  const methodsByPath = new Map<string, string[]>();
  for (const { operation } of routes) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const methods = operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method];
    methodsByPath.set(path, [...(methodsByPath.get(path) ?? []), ...methods]);
  }
  const table = findMyWay(router);
  for (const [path, methods] of methodsByPath) table.on('GET', path, () => undefined, methods);
  return (url) => {
    const found = table.find('GET', url);
    return found === null ? undefined : (found.store as readonly string[]);
  };
}
