/** What comes one by one in a turn of the event loop, handed over at once. */

/** More gain nothing by being together, and would wait for longer than a moment: a turn under overload takes in thousands. */
const itemsMax = 100;

/**
 * A function that takes items and hands them to `take` when the turn is over, or a hundred are there. Requests are taken in before a turn
 * is over: the items of every connection that has sent one by now are there.
 */
export function inTurns<Item>(take: (items: readonly Item[]) => void): (item: Item) => void {
  let items: Item[] = [];

  function handOver(): void {
    if (items.length === 0) return;
    const taken = items;
    items = [];
    take(taken);
  }
  return (item) => {
    items.push(item);
    if (items.length === 1) setImmediate(handOver);
    else if (items.length === itemsMax) handOver();
  };
}
